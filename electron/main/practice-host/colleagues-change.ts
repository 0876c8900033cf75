import type { PracticeCommand } from '#shared/ipc/contract.ts'
import { assertNever } from '#shared/exhaustive.ts'
import type { WireChanges, WireCustomer } from '#practice/wire.ts'

type ColleaguesField = Extract<PracticeCommand, { kind: 'colleague-edits' }>['field']

/** What a colleague at another till makes of that field: always something else than what is there now. */
export function colleaguesChange(customer: WireCustomer, field: ColleaguesField): WireChanges {
  switch (field) {
    case 'phoneNumber':
      return { phone_number: phoneOtherThan(customer.phone_number) }
    case 'emailAddress':
      return { email_address: emailOtherThan(customer.email_address) }
    case 'note':
      return { note: `${customer.note ? `${customer.note}\n` : ''}Spoke on the phone, prefers mornings.` }
    default:
      return assertNever(field)
  }
}

/** From the numbers that are set aside for fiction. */
function phoneOtherThan(current: string | undefined): string {
  const last = Number(/\+1415555(01\d\d)$/.exec(current ?? '')?.[1] ?? '0149')
  return `+14155550${100 + ((last - 100 + 1) % 100)}`
}

function emailOtherThan(current: string | undefined): string {
  const [name = 'customer', domain = 'example.com'] = (current ?? '').split('@').filter(Boolean)
  return name.endsWith('.new') ? `${name.slice(0, -'.new'.length)}@${domain}` : `${name}.new@${domain}`
}
