import type { CustomerField } from '#shared/customer/customer.ts'
import { pick } from './random.ts'
import { VALUES } from './sim-staff.ts'
import { fieldsToWire } from './wire.ts'
import type { World } from './world.ts'

/** One thing that somebody at the dashboard does. Few values: people collide, and revert. */
export function colleagueActs(world: World, random: () => number): void {
  const { square } = world
  const { colleague } = square.model
  const customers = square.model.customers()
  const call = square.call()
  const what = random()
  const gone = [...square.gone]
  if (what >= 0.93 && gone.length > 0) {
    const id = pick(random, gone)
    const wasMerged = square.model.retrieve(id).kind === 'ok'
    world.count(wasMerged ? 'colleague takes a merge apart' : 'colleague restores')
    world.oracle.restores(id)
    square.gone.delete(id)
    colleague.restore(id, call)
    world.trace?.(`COLLEAGUE restores ${id}`)
    return
  }
  if (customers.length === 0) return
  const one = pick(random, customers)
  world.trace?.(`COLLEAGUE ${one.id} ${what.toFixed(2)}`)
  if (what < 0.35) {
    const field = pick(random, Object.keys(world.values) as CustomerField[])
    world.count('colleague edits')
    colleague.edit(
      one.id,
      fieldsToWire({ [field]: pick<unknown>(random, world.values[field]!) }, 'update'),
      call,
    )
  } else if (what < 0.58) {
    world.count('colleague reverts')
    colleague.revert(one.id, call)
  } else if (what < 0.68) {
    world.count('colleague touches something else')
    colleague.edit(one.id, { nickname: `n${Math.floor(random() * 3)}` }, call)
  } else if (what < 0.79) {
    world.count('colleague deletes')
    colleague.remove(one.id, call)
  } else if (what < 0.88 && customers.length > 1) {
    const others = customers.filter((c) => c !== one)
    world.count('colleague merges')
    colleague.merge([one.id, pick(random, others).id], call)
  } else {
    world.count('colleague creates')
    const fields = {
      given_name: pick(random, VALUES.givenName),
      phone_number: pick(random, VALUES.phoneNumber),
    }
    colleague.create(fields, call)
  }
}
