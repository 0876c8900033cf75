import { beforeEach } from 'vitest'

// Files share a document: every test begins with an empty page on a PC that remembers nothing.
beforeEach(() => {
  localStorage.clear()
  document.documentElement.className = ''
  document.body.replaceChildren()
})
