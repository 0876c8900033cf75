import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { TooltipProvider } from 'reka-ui'
import { afterEach, expect, it, vi } from 'vitest'
import { defineComponent, h, type Component } from 'vue'
import { createMemoryHistory } from 'vue-router'
import { APP_SERVICES } from '#renderer/app-services.ts'
import { latePart } from '#renderer/components/late-part.ts'
import { createText } from '#renderer/i18n/text.ts'
import { createAppRouter } from '#renderer/router.ts'
import { installIcons } from '#renderer/theme/icons.ts'

const Greeting = defineComponent({
  props: { name: { type: String, required: true } },
  emits: ['bye'],
  setup:
    (props, { emit }) =>
    () =>
      h('b', { onClick: () => emit('bye', 1) }, `Hello ${props.name}`),
})
const chunk = { default: Greeting }
const onFault = vi.fn()
let wrapper: VueWrapper
afterEach(() => {
  wrapper.unmount()
  onFault.mockClear()
})

function show(part: Component, onBye = () => {}) {
  installIcons()
  wrapper = mount(() => h(TooltipProvider, () => h(part, { name: 'Ana', onBye })), {
    global: {
      plugins: [createText(), createAppRouter(createMemoryHistory())],
      provide: { [APP_SERVICES as symbol]: { onFault } },
    },
  })
}

it('shows nothing until its chunk is here, then the part with its props and events', async () => {
  let arrives = (_: typeof chunk) => {}
  const onBye = vi.fn()
  show(latePart(() => new Promise<typeof chunk>((resolve) => (arrives = resolve))).component, onBye)
  await flushPromises()
  expect(wrapper.text()).toBe('')
  arrives(chunk)
  await flushPromises()
  expect(wrapper.text()).toBe('Hello Ana')
  await wrapper.get('b').trigger('click')
  expect(onBye).toHaveBeenCalledExactlyOnceWith(1)
})

it('is there at once when its chunk is, and fetches it only once', async () => {
  const fetchPart = vi.fn(() => Promise.resolve(chunk))
  const part = latePart(fetchPart)
  await Promise.all([part.load(), part.load()])
  show(part.component)
  expect(wrapper.text()).toBe('Hello Ana')
  expect(fetchPart).toHaveBeenCalledTimes(1)
})

it('says that its chunk cannot be loaded, writes it to the log, and comes when it is tried again', async () => {
  const gone = new TypeError('Failed to fetch dynamically imported module')
  const fetchPart = vi.fn(() => Promise.resolve(chunk)).mockRejectedValueOnce(gone)
  show(latePart(fetchPart).component)
  await flushPromises()
  expect(wrapper.get('[role="alert"]').text()).toContain('could not be loaded')
  expect(onFault).toHaveBeenCalledExactlyOnceWith('chunk', gone)
  await wrapper.get('button').trigger('click')
  await flushPromises()
  expect(wrapper.text()).toBe('Hello Ana')
})

it('leaves a way back where it is the whole page', async () => {
  show(latePart<typeof Greeting>(() => Promise.reject(new Error('gone')), { page: true }).component)
  await flushPromises()
  expect(wrapper.get('main').text()).toContain('Back to the customers')
})
