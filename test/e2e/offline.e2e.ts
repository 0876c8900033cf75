import { expect, test } from '@playwright/test'
import { shareApp } from './support/shared-app.ts'

const shared = shareApp([
  { given_name: 'Amélie', family_name: 'Rousseau', phone_number: '+12065550101', note: 'Likes oat milk' },
  { given_name: 'Bashir', family_name: 'Haddad', phone_number: '+12065550102' },
  { given_name: 'Chidi', family_name: 'Okafor', email_address: 'chidi@example.com' },
  { given_name: 'Dagny', family_name: 'Berg', phone_number: '+12065550104' },
])

test('what is entered offline arrives exactly once when the line is back (S1, S4, S6)', async () => {
  const { square, book } = shared
  const before = square.requests().length
  await square.setLine(false)
  await book.syncNow()
  await book.expectOffline()
  await expect(book.sentence).toContainText('nothing waits')

  await book.add({ 'First name': 'Esi', 'Last name': 'Mensah', 'Phone number': '+1 206 555 0105' })
  await expect(book.status('Saved here')).toBeVisible()
  await book.add({ 'First name': 'Farid', 'Last name': 'Nasser', 'E-mail': 'farid@example.com' })
  await book.edit('Amélie', { Note: 'Likes oat milk\nBirthday cake in May' })
  await book.edit('Bashir', { 'Phone number': '+12065550199' })
  await book.edit('Chidi', { 'Last name': 'Okafor-Lind', Company: 'Lind Tiles' })
  await book.remove('Dagny')
  await expect(book.sentence).toContainText(/Offline since .+ - 6 saved here, they will be sent/)
  await book.search.fill('Esi')
  await expect(book.row('Esi Mensah')).toContainText('Saved here')
  expect(square.requests().length).toBe(before)

  await square.setLine(true)
  await book.syncNow()
  await book.allIn()
  await expect(book.row('Esi Mensah')).not.toContainText('Saved here')

  const effects = square.effects(before).filter(({ by }) => by === 'api')
  expect(effects.map(({ kind }) => kind).sort()).toEqual([
    'create',
    'create',
    'delete',
    'update',
    'update',
    'update',
  ])
  expect(square.named('Esi')).toMatchObject([{ family_name: 'Mensah', phone_number: '+1 206 555 0105' }])
  expect(square.named('Farid')).toMatchObject([{ family_name: 'Nasser', email_address: 'farid@example.com' }])
  expect(square.named('Amélie')).toMatchObject([{ note: 'Likes oat milk\nBirthday cake in May' }])
  expect(square.named('Bashir')).toMatchObject([{ phone_number: '+12065550199' }])
  expect(square.named('Chidi')).toMatchObject([{ family_name: 'Okafor-Lind', company_name: 'Lind Tiles' }])
  expect(square.named('Dagny')).toEqual([])
  expect(square.duplicateKeys()).toEqual([])
})

test('edits on top of a customer that was never sent go out as one create; taken back, nothing goes out', async () => {
  const { square, book } = shared
  const before = square.requests().length
  await square.setLine(false)
  await book.add({ 'First name': 'Gita', 'Phone number': '+12065550107' })
  await book.expectOffline()
  await book.edit('Gita', { 'Last name': 'Rao' })
  await book.edit('Gita', { Note: 'Window seat' })
  await book.add({ 'First name': 'Hugo' })
  await book.remove('Hugo')
  await expect(book.sentence).toContainText('1 saved here')

  await square.setLine(true)
  await book.syncNow()
  await book.allIn()
  expect(square.effects(before).filter(({ by }) => by === 'api')).toMatchObject([{ kind: 'create' }])
  expect(square.named('Gita')).toMatchObject([{ family_name: 'Rao', note: 'Window seat' }])
  expect(square.named('Hugo')).toEqual([])
})

test('the page of what waits lists it, and says when nothing does', async () => {
  const { square, book, page } = shared
  await square.setLine(false)
  await book.edit('Bashir', { Nickname: 'Bash' })
  await book.expectOffline()
  await book.button('What waits here').click()
  await expect(page.getByRole('heading', { name: 'What waits here' })).toBeVisible()
  await expect(page.getByText('1 change waits here')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Saved here' }).getByRole('link')).toContainText(
    'Bashir Haddad',
  )
  await page.keyboard.press('Escape')
  await square.setLine(true)
  await book.syncNow()
  await book.allIn()
  await book.button('What waits here').click()
  await expect(page.getByText('Nothing waits. Everything is in Square.')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(book.card.getByRole('heading', { level: 1 })).toBeFocused()
})
