import { BULK_HISTORIES } from './bulk-histories.ts'
import { OLD_HISTORIES } from './old-histories.ts'
import { STANDING_HISTORIES } from './standing-histories.ts'
import { BAD_PHONE } from './sim-staff.ts'
import { History } from './history.ts'
import { wireToRemote } from './wire.ts'
import { SimPc, STORE } from './sim-pc.ts'
import { SimStaff } from './sim-staff.ts'

const MINUTE = 60_000
const KEY_FORGOTTEN = { keyWindowMs: 11 * MINUTE + 40_000 }

interface Told {
  readonly violations: readonly string[]
  /** What Square holds in the end. */
  readonly square: readonly string[]
  /** What the history saw on its way. */
  readonly note: string
}

/**
 * The histories that forced the wording of the rules (SPEC.md), told step by step on the product's own engine. Each is
 * a short story; fuzzing does not reach most of them.
 */
export const HISTORIES: Record<string, () => Promise<Told>> = {
  'a1 create applied, answer lost, killed, edited offline, started again while the key is trusted': () =>
    tell({}, async (h) => {
      h.fates.push('lost-and-crash')
      h.staff.create({ givenName: 'Ann', phoneNumber: '212-555-0101', note: 'x' })
      await h.go(30_000)
      h.pc.offline = true
      await h.edit({ phoneNumber: '(212) 555-0102' })
      await h.go(5000)
      h.pc.setOffline(false)
      await h.go(7 * MINUTE)
    }),
  'a2 the same with the key forgotten: found by search and adopted': () =>
    tell({ flags: KEY_FORGOTTEN }, async (h) => {
      h.fates.push('lost-and-crash')
      h.pc.crashDownMs = 15 * MINUTE
      h.staff.create({ givenName: 'Ann', phoneNumber: '212-555-0101', note: 'x' })
      await h.go(16 * MINUTE)
      await h.edit({ phoneNumber: '(212) 555-0102' })
      await h.go(14 * MINUTE)
    }),
  'a3 key forgotten and a colleague edited it meanwhile: asks, adopted by a person': () =>
    tell({ flags: KEY_FORGOTTEN }, async (h) => {
      h.fates.push('lost-and-crash')
      h.pc.crashDownMs = 15 * MINUTE
      h.staff.create({ givenName: 'Ann', phoneNumber: '212-555-0101', note: 'x' })
      await h.go(1500)
      h.colleagueEdits('SQ1', { note: 'y' })
      await h.go(30 * MINUTE)
      h.note = await h.answer()
      await h.go(5000)
    }),
  'a4 create dropped, key forgotten, another till adds somebody of that name: asks, nobody is adopted unasked':
    () =>
      tell({ flags: KEY_FORGOTTEN }, async (h) => {
        h.fates.push('drop-and-crash')
        h.pc.crashDownMs = 15 * MINUTE
        h.staff.create({ givenName: 'Ann', phoneNumber: '212-555-0101', note: 'x' })
        await h.go(1500)
        const other = new SimPc(h.world, 'p1')
        h.world.pcs.push(other)
        void other.boot()
        await h.go(1500)
        new SimStaff(other).create({ givenName: 'Ann', phoneNumber: '(212) 555-0102' })
        await h.go(30 * MINUTE)
        h.note = await h.answer(0.8)
        await h.go(5000)
      }),
  'a5 create applied, answer lost, key forgotten, deleted and brought back meanwhile: asks with that one':
    () =>
      tell({ flags: { ...KEY_FORGOTTEN, restoredId: 'same' } }, async (h) => {
        h.fates.push('lost-and-crash')
        h.pc.crashDownMs = 15 * MINUTE
        h.staff.create({ givenName: 'Ann', phoneNumber: '212-555-0101', note: 'x' })
        await h.go(1500)
        const { colleague } = h.world.square.model
        colleague.remove('SQ1', h.world.square.call())
        colleague.restore('SQ1', h.world.square.call())
        await h.go(30 * MINUTE)
        h.note = await h.answer()
        await h.go(5000)
      }),
  'a6 create applied, answer lost, key forgotten, deleted; brought back once staff were asked; added again: asked with that one':
    () =>
      tell({ flags: { ...KEY_FORGOTTEN, restoredId: 'same' } }, async (h) => {
        h.fates.push('lost-and-crash')
        h.pc.crashDownMs = 15 * MINUTE
        h.staff.create({ givenName: 'Ann', phoneNumber: '212-555-0101', note: 'x' })
        await h.go(1500)
        const { colleague } = h.world.square.model
        colleague.remove('SQ1', h.world.square.call())
        await h.go(30 * MINUTE)
        colleague.restore('SQ1', h.world.square.call())
        h.colleagueEdits('SQ1', { note: 'y' })
        h.pc.setOffline(true)
        h.note = await h.answer(0.8)
        h.squash({ phoneNumber: '(212) 555-0102' })
        await h.go(1000)
        h.pc.setOffline(false)
        await h.go(MINUTE)
        h.note += `, ${await h.answer(0.1)}`
        await h.go(MINUTE)
        h.note += `, ${await h.answer(0.9)}`
        await h.go(MINUTE)
      }),
  'a7 the same, brought back so lately that no search shows it yet: nobody can tell, and staff have a second one':
    () =>
      tell({ flags: { ...KEY_FORGOTTEN, restoredId: 'same' }, indexLagMs: 5 * MINUTE }, async (h) => {
        h.fates.push('lost-and-crash')
        h.pc.crashDownMs = 15 * MINUTE
        h.staff.create({ givenName: 'Ann', phoneNumber: '212-555-0101', note: 'x' })
        await h.go(1500)
        const { colleague } = h.world.square.model
        colleague.remove('SQ1', h.world.square.call())
        await h.go(30 * MINUTE)
        colleague.restore('SQ1', h.world.square.call())
        h.world.oracle.restores('SQ1')
        h.note = `${await h.answer(0.8)}, ${await h.answer(0.1)}`
        await h.go(MINUTE)
      }),
  'a8 create applied, answer lost, key forgotten, a colleague edited it; another till’s equal one is deleted and still listed: asks with the edited one':
    () =>
      tell({ flags: KEY_FORGOTTEN, indexLagMs: 5 * MINUTE }, async (h) => {
        h.fates.push('lost-and-crash')
        h.pc.crashDownMs = 15 * MINUTE
        h.staff.create({ givenName: 'Ann', note: 'x' })
        await h.go(1500)
        h.colleagueEdits('SQ1', { note: 'y' })
        const other = new SimPc(h.world, 'p1')
        h.world.pcs.push(other)
        void other.boot()
        await h.go(1500)
        new SimStaff(other).create({ givenName: 'Ann', note: 'x' })
        await h.go(14 * MINUTE)
        h.world.square.model.colleague.remove('SQ2', h.world.square.call())
        await h.go(3 * MINUTE)
        h.note = await h.answer()
        await h.go(5000)
      }),
  'b update applied, answer lost, a colleague reverts it, pulled in between: never sent twice unasked': () =>
    tell({}, async (h) => {
      await h.addAnn()
      h.fates.push('lost')
      await h.edit({ phoneNumber: '(212) 555-0102' })
      await h.sentOnce()
      h.colleagueEdits('SQ1', { phoneNumber: '212-555-0101' })
      await h.pull()
      await h.go(7 * MINUTE)
      h.note = await h.answer()
      await h.go(5000)
    }),
  'b2 a colleague changes the field and takes it back before ours is sent: sent with the newest version, nobody is asked':
    () =>
      tell({}, async (h) => {
        await h.addAnn()
        h.pc.setOffline(true)
        await h.edit({ phoneNumber: '(212) 555-0102' })
        h.colleagueEdits('SQ1', { phoneNumber: '+12125550103' })
        h.colleagueEdits('SQ1', { phoneNumber: '212-555-0101' })
        h.pc.setOffline(false)
        await h.go(7 * MINUTE)
        h.note = await h.answer()
      }),
  'b3 the same while ours is in doubt, though it never arrived: asked, for it could have been ours that was taken back':
    () =>
      tell({}, async (h) => {
        await h.addAnn()
        h.fates.push('drop')
        await h.edit({ phoneNumber: '(212) 555-0102' })
        await h.sentOnce()
        h.colleagueEdits('SQ1', { phoneNumber: '+12125550103' })
        h.colleagueEdits('SQ1', { phoneNumber: '212-555-0101' })
        await h.go(7 * MINUTE)
        h.note = await h.answer()
        await h.go(5000)
      }),
  'c an edit made while the conflict is on the screen: the answer is refused and shown again': () =>
    tell({}, async (h) => {
      await h.addAnn()
      h.pc.setOffline(true)
      await h.edit({ phoneNumber: '(212) 555-0102' })
      await h.go(300)
      await h.edit({ note: 'y' })
      await h.go(300)
      h.colleagueEdits('SQ1', { phoneNumber: '+12125550103' })
      h.pc.setOffline(false)
      await h.go(7 * MINUTE)
      const screen = h.staff.screen(h.row())!
      await h.edit({ note: null })
      await h.go(300)
      h.staff.answer(screen, 0, () => 0)
      await h.go(2000)
      h.note = `${h.world.counts.get('refused: operations-moved') ?? 0} refused, then ${await h.answer()}`
      await h.go(5000)
    }),
  'd delete confirmed behind an unanswered create': () =>
    tell({}, async (h) => {
      h.fates.push('lost')
      h.staff.create({ givenName: 'Ann', phoneNumber: '212-555-0101', note: 'x' })
      await h.sentOnce()
      await h.staff.remove(h.row())
      await h.go(7 * MINUTE)
    }),
  'd2 the same, a colleague edits in between: asked': () =>
    tell({ flags: { replay: 'current' } }, async (h) => {
      h.fates.push('lost')
      h.staff.create({ givenName: 'Ann', phoneNumber: '212-555-0101', note: 'x' })
      await h.sentOnce()
      await h.staff.remove(h.row())
      h.colleagueEdits('SQ1', { note: 'y' })
      await h.go(7 * MINUTE)
      h.note = await h.answer()
      await h.go(5000)
    }),
  'd3 delete behind an unanswered create, done, its answer lost, brought back by a colleague: asked': () =>
    tell({ flags: { restoredId: 'same' } }, async (h) => {
      h.fates.push('lost', 'ok', 'lost')
      h.staff.create({ givenName: 'Ann', phoneNumber: '212-555-0101', note: 'x' })
      await h.sentOnce()
      await h.staff.remove(h.row())
      await h.until(() => h.world.square.gone.has('SQ1'), 7 * MINUTE)
      h.world.square.model.colleague.restore('SQ1', h.world.square.call())
      h.world.oracle.restores('SQ1')
      await h.go(7 * MINUTE)
      h.note = await h.answer(0.9)
      await h.go(5000)
    }),
  'd4 delete of one that was brought back before, done, its answer lost, brought back again: asked': () =>
    tell({ flags: { restoredId: 'same' } }, async (h) => {
      const { colleague } = h.world.square.model
      await h.addAnn()
      colleague.remove('SQ1', h.world.square.call())
      colleague.restore('SQ1', h.world.square.call())
      await h.pull()
      h.fates.push('lost')
      await h.staff.remove(h.row())
      await h.sentOnce()
      colleague.restore('SQ1', h.world.square.call())
      h.world.oracle.restores('SQ1')
      await h.go(7 * MINUTE)
      h.note = await h.answer(0.9)
      await h.go(5000)
    }),
  'd5 delete confirmed behind an unanswered create; a colleague deletes that one and brings it back: asked':
    () =>
      tell({ flags: { restoredId: 'same' } }, async (h) => {
        const { colleague } = h.world.square.model
        h.fates.push('lost')
        h.staff.create({ givenName: 'Ann', phoneNumber: '212-555-0101', note: 'x' })
        await h.sentOnce()
        h.pc.setOffline(true)
        await h.staff.remove(h.row())
        colleague.remove('SQ1', h.world.square.call())
        colleague.restore('SQ1', h.world.square.call())
        h.pc.setOffline(false)
        await h.go(7 * MINUTE)
        if (h.square().length === 0) h.world.oracle.bad('who was brought back is deleted unasked')
        h.note = await h.answer(0.9)
        await h.go(5000)
      }),
  'd6 delete of one that was merged, the merged one deleted too, and brought back just after Square has said so: done':
    () =>
      tell({ flags: { restoredId: 'same' } }, async (h) => {
        const { model } = h.world.square
        for (const given_name of ['Ann', 'Bob']) model.colleague.create({ given_name }, h.world.square.call())
        await h.pull()
        h.pc.setOffline(true)
        await h.staff.remove(h.row())
        const merged = h.merge('SQ1', 'SQ2')
        model.colleague.remove(merged, h.world.square.call())
        const { retrieve } = model
        const thenRestored: typeof retrieve = (id) => {
          const said = retrieve(id)
          if (said.kind === 'refused') model.colleague.restore(merged, h.world.square.call())
          h.world.oracle.restores(merged)
          return said
        }
        Object.assign(model, { retrieve: thenRestored })
        h.pc.setOffline(false)
        await h.go(7 * MINUTE)
        h.note = h.questions().join() || 'no question'
      }),
  'e mirror wiped while operations are open and one is already applied': () =>
    tell({}, async (h) => {
      await h.addAnn()
      h.fates.push('lost')
      await h.edit({ phoneNumber: '(212) 555-0102' })
      await h.sentOnce()
      h.pc.setOffline(true)
      await h.edit({ note: 'y' })
      await h.go(300)
      h.world.mirrorFaults = { ...h.world.mirrorFaults, wipe: 1 }
      h.pc.crash(500)
      h.world.mirrorFaults = { ...h.world.mirrorFaults, wipe: 0 }
      await h.go(2000)
      h.pc.setOffline(false)
      await h.go(7 * MINUTE)
    }),
  'f crash between applied and answered': () =>
    tell({}, async (h) => {
      await h.addAnn()
      h.fates.push('lost-and-crash')
      await h.edit({ phoneNumber: '(212) 555-0102' })
      await h.go(8 * MINUTE)
    }),
  'f2 the same for a delete': () =>
    tell({}, async (h) => {
      await h.addAnn()
      h.fates.push('lost-and-crash')
      await h.staff.remove(h.row())
      await h.go(8 * MINUTE)
    }),
  'g squash, killed before and after it was durable': () =>
    tell({}, async (h) => {
      await h.addAnn()
      h.pc.signOut()
      h.pc.staysSignedOut = true
      await h.edit({ phoneNumber: '(212) 555-0102' })
      await h.go(300)
      h.world.streams.crash = () => 0 // nothing unsynced survives
      h.squash({ phoneNumber: '+12125550103' })
      h.pc.crash(100)
      h.pc.unacknowledged = []
      await h.go(500)
      const before = h.row().local.phoneNumber
      h.squash({ phoneNumber: '+12125550103' })
      await h.go(300)
      h.pc.crash(100)
      await h.go(500)
      h.note = `${before}, then ${h.row().local.phoneNumber} in ${h.row().openOps} operation`
      h.pc.signInAgain()
      await h.go(7 * MINUTE)
    }),
  'g2 a new customer changed, then by an old form, then back to what that one had shown: squashed, the last word stays':
    () =>
      tell({}, async (h) => {
        h.pc.signOut()
        h.staff.create({ givenName: 'Ann', phoneNumber: '212-555-0101', note: 'x' })
        await h.go(300)
        const old = h.staff.form(h.row())
        h.squash({ phoneNumber: null })
        await h.go(300)
        await h.staff.edit(old, { phoneNumber: '(212) 555-0102' }, false)
        await h.go(300)
        h.squash({ phoneNumber: '212-555-0101' })
        await h.go(300)
        h.note = `${h.row().openOps} operation`
        h.pc.signInAgain()
        await h.go(MINUTE)
      }),
  'h answer to a conflict, then killed': () =>
    tell({}, async (h) => {
      await h.addAnn()
      h.pc.setOffline(true)
      await h.edit({ phoneNumber: '(212) 555-0102' })
      await h.go(300)
      await h.edit({ note: 'y' })
      h.colleagueEdits('SQ1', { phoneNumber: '+12125550103' })
      h.pc.setOffline(false)
      await h.go(7 * MINUTE)
      h.staff.answer(h.staff.screen(h.row())!, 0, () => 0)
      h.pc.crash(100)
      await h.go(3000)
      h.note = await h.answer()
      await h.go(5000)
    }),
  'i customers merged while a conflict is open on one and an edit waits on the other': () =>
    tell({}, async (h) => {
      await h.addAnn()
      h.staff.create({ givenName: 'Bob', phoneNumber: '+12125550103' })
      await h.go(3000)
      h.pc.setOffline(true)
      await h.edit({ phoneNumber: '(212) 555-0102' }, h.row(0))
      await h.go(300)
      h.colleagueEdits('SQ1', { phoneNumber: '+12125550103' })
      h.pc.setOffline(false)
      await h.go(7 * MINUTE)
      h.merge('SQ1', 'SQ2')
      await h.edit({ note: 'y' }, h.row(1))
      let questions = 0
      while ((await h.answer()) !== 'no question' && questions < 6) {
        questions++
        await h.go(MINUTE)
      }
      h.note = `${questions} questions`
    }),
  'i2 a note of two lines typed, a colleague adds the first of them meanwhile: ours holds it, and is sent':
    () =>
      tell({}, async (h) => {
        await h.addAnn()
        await h.edit({ note: null })
        await h.go(3000)
        h.colleagueEdits('SQ1', { note: 'y' })
        await h.edit({ note: 'y\nx' })
        await h.go(MINUTE)
        h.note = h.questions().join() || 'no question'
      }),
  'k profile copied to a second PC with a create waiting': () =>
    tell({}, async (h) => {
      await h.addAnn()
      h.pc.signOut()
      h.staff.create({ givenName: 'Cy', phoneNumber: '(212) 555-0102' })
      await h.go(300)
      await h.edit({ phoneNumber: '+12125550103' }, h.row(0))
      await h.go(300)
      const copy = new SimPc(h.world, 'k0', h.pc)
      h.world.pcs.push(copy)
      void copy.boot()
      await h.go(500)
      h.squash({ note: 'y' }, h.row(1))
      await h.go(300)
      h.pc.signInAgain()
      await h.go(7 * MINUTE)
      const other = new SimStaff(copy)
      h.note = `${await h.answer(0, 0, copy, other)}, ${await h.answer(0, 0, copy, other)}`
      await h.go(MINUTE)
    }),
  'k2 a file taken in twice, its new customer forgotten and the mirror wiped in between: the deletion in it asks, and leaves nobody':
    () =>
      tell({}, async (h) => {
        const other = await h.secondPc()
        const theirs = new SimStaff(other)
        h.fates.push('lost')
        theirs.create({ givenName: 'Ann', phoneNumber: '212-555-0101', note: 'x' })
        await h.go(500)
        other.setOffline(true)
        void h.pc.takeIn(other.saveUnsent()!)
        await h.go(500)
        const first = await h.answer(0)
        await theirs.remove(h.row(0, other))
        h.world.mirrorFaults = { ...h.world.mirrorFaults, wipe: 1 }
        h.pc.crash(500)
        h.world.mirrorFaults = { ...h.world.mirrorFaults, wipe: 0 }
        await h.go(2000)
        void h.pc.takeIn(other.saveUnsent()!)
        await h.go(500)
        h.note = `${first}, ${await h.answer(0)}, ${h.pc.visible().length} rows`
        other.setOffline(false)
        await h.go(7 * MINUTE)
      }),
  'k3 a log that lost its end, and staff save before the window has asked what is new: both are there': () =>
    tell({}, async (h) => {
      h.pc.signOut()
      h.pc.staysSignedOut = true
      for (const givenName of ['Ann', 'Bob', 'Cy']) {
        h.staff.create({ givenName })
        await h.go(500)
      }
      h.world.mirrorFaults = { ...h.world.mirrorFaults, loseTail: 1 }
      h.world.streams.crash = () => 0
      h.world.opensLateMs = 1e9
      h.pc.crash(500)
      h.world.mirrorFaults = { ...h.world.mirrorFaults, loseTail: 0 }
      await h.go(600)
      h.staff.create({ givenName: 'Dan' })
      await h.go(500)
      const answers = [await h.answer(0.9), await h.answer(0.9), await h.answer(0.9)]
      h.note = answers.join(', ')
      h.pc.signInAgain()
      await h.go(MINUTE)
    }),
  'k4 a new customer with nothing but a name taken in from a file, sent by the first PC meanwhile, promised again here: asked about':
    () =>
      tell({}, async (h) => {
        const other = await h.secondPc()
        other.setOffline(true)
        new SimStaff(other).create({ givenName: 'Ann', note: 'x' })
        await h.go(500)
        void h.pc.takeIn(other.saveUnsent()!)
        await h.go(500)
        other.setOffline(false)
        await h.go(MINUTE)
        const first = await h.answer(0.9)
        await h.go(MINUTE)
        h.note = `${first}, ${await h.answer(0.1)}`
        await h.go(MINUTE)
      }),
  'k5 an attempt is damaged in the log that no window has seen, its answer lost, and taken back by a colleague: asked, not sent twice':
    () =>
      tell({}, async (h) => {
        await h.addAnn()
        h.staff.create({ givenName: 'Bob' })
        await h.go(3000)
        h.pc.signOut()
        await h.edit({ phoneNumber: '(212) 555-0102' }, h.row(0))
        await h.edit({ note: 'y' }, h.row(1))
        await h.go(500)
        h.world.projectLagMs = 1e12
        h.world.square.script = (_pc, request) =>
          request.kind === 'update' && request.id === 'SQ1' ? 'lost' : null
        h.pc.signInAgain()
        await h.go(400)
        h.colleagueEdits('SQ1', { phoneNumber: '212-555-0101' })
        h.pc.crash(500)
        const { begins, records } = h.pc.disk.file!
        const sent = records.findIndex((line) => line.includes('"sent"') && line.includes('0102'))
        h.pc.disk.loseOne(sent - begins)
        h.world.projectLagMs = 20
        h.world.square.script = null
        await h.go(MINUTE)
        const asked = h.questions().join()
        if (asked !== 'copied') h.world.oracle.bad('not asked, or about what Square has answered')
        h.note = `${asked}, ${await h.answer(0.1)}`
        await h.go(MINUTE)
      }),
  'k6 a new customer taken in from a file and forgotten, an edit of her in a later file: she is whole again, and asked about, for the first PC has sent her':
    () =>
      tell({}, async (h) => {
        const other = await h.secondPc()
        const theirs = new SimStaff(other)
        other.setOffline(true)
        theirs.create({ givenName: 'Ann', note: 'x' })
        await h.go(500)
        await theirs.edit(theirs.form(h.row(0, other)), { phoneNumber: '212-555-0101' }, false)
        await h.go(500)
        void h.pc.takeIn(other.saveUnsent()!)
        await h.go(500)
        const first = await h.answer(0)
        await theirs.edit(theirs.form(h.row(0, other)), { note: 'y' }, false)
        await h.go(500)
        void h.pc.takeIn(other.saveUnsent()!)
        await h.go(500)
        const { givenName, phoneNumber, note } = h.row().local
        h.world.square.script = (_pc, request) => (request.kind === 'update' ? 'drop' : null)
        other.setOffline(false)
        await h.go(MINUTE)
        const again = await h.answer(0.9)
        await h.go(MINUTE)
        const asked = await h.answer(0.1)
        h.world.square.script = null
        await h.go(10 * MINUTE)
        const atLast = await h.answer(0, 0, other, theirs)
        h.note = `${first}, ${givenName} ${phoneNumber} ${note}: ${again}, ${asked}; ${atLast}`
        await h.go(MINUTE)
      }),
  'l pulled between a lost create and its retry: no second row': () =>
    tell({}, async (h) => {
      h.fates.push('lost')
      h.staff.create({ givenName: 'Ann', phoneNumber: '212-555-0101', note: 'x' })
      await h.sentOnce()
      await h.pull()
      h.note = `${h.pc.mirror.rows.rows.size} row`
      if (h.pc.mirror.rows.rows.size !== 1) h.world.oracle.bad('the customer staff typed in is shown twice')
      await h.edit({ note: null })
      await h.go(7 * MINUTE)
      await h.pull()
    }),
  'm update dropped, then two customers merge: the versions of two ids are equal': () =>
    tell({}, async (h) => {
      await h.addAnn()
      h.staff.create({ givenName: 'Bob', phoneNumber: '+12125550103' })
      await h.go(3000)
      h.fates.push('drop')
      await h.edit({ phoneNumber: '(212) 555-0102' }, h.row(0))
      await h.sentOnce()
      h.merge('SQ2', 'SQ1')
      await h.go(7 * MINUTE)
      h.note = await h.answer(0.9, 0.9)
      await h.go(5000)
    }),
  'm2 update applied, answer lost, reverted, merged: still in doubt under the new id': () =>
    tell({}, async (h) => {
      await h.addAnn()
      h.staff.create({ givenName: 'Bob', phoneNumber: '+12125550103' })
      await h.go(3000)
      h.fates.push('lost')
      await h.edit({ phoneNumber: '(212) 555-0102' }, h.row(0))
      await h.sentOnce()
      h.colleagueEdits('SQ1', { phoneNumber: '212-555-0101' })
      h.merge('SQ1', 'SQ2')
      await h.go(7 * MINUTE)
      h.note = await h.answer(0.9, 0.9)
      await h.go(5000)
    }),
  'm3 update sent for one who has just been merged, and Square does it to the one she became: hers from then on':
    () =>
      tell({ flags: { mergedWrites: 'followed' } }, async (h) => {
        await h.addAnn()
        h.staff.create({ givenName: 'Bob' })
        await h.go(3000)
        const [ann, bob] = [h.row(0), h.row(1)]
        h.pc.setOffline(true)
        await h.edit({ phoneNumber: '(212) 555-0102' }, ann)
        h.merge('SQ1', 'SQ2')
        h.pc.setOffline(false)
        await h.go(MINUTE)
        const shown = h.pc.visible().map(({ squareId, local }) => `${squareId} ${local.phoneNumber}`)
        await h.edit({ phoneNumber: '+12125550103' }, h.pc.row(ann.localId))
        await h.edit({ note: 'z' }, h.pc.row(bob.localId))
        await h.go(MINUTE)
        h.note = `${shown.join(', ')}; ${h.pc.visible().length} row, ${h.questions().join() || 'no question'}`
      }),
  'm4 two merged customers are taken apart again under the id of before: shown by itself, and the merged one goes on':
    () =>
      tell({ flags: { restoredId: 'same' } }, async (h) => {
        await h.addAnn()
        h.staff.create({ givenName: 'Bob' })
        await h.go(3000)
        const pull = async () => {
          void h.pc.pull(true)
          await h.go(MINUTE)
        }
        await h.go(6 * MINUTE) // until lists lack those who were merged away
        await pull()
        h.merge('SQ1', 'SQ2')
        await pull()
        h.world.square.model.colleague.restore('SQ2', h.world.square.call())
        await pull()
        const merged = h.pc.visible().find(({ squareId }) => squareId === 'SQ3')!
        await h.edit({ phoneNumber: '(212) 555-0102' }, merged)
        await h.go(MINUTE)
        const shown = new Map(h.pc.visible().map(({ squareId, local }) => [squareId, local.phoneNumber]))
        if (!shown.has('SQ2')) h.world.oracle.bad('who is a customer again is not shown')
        if (shown.get('SQ3') !== '(212) 555-0102')
          h.world.oracle.bad('what was typed for the merged one is not hers')
        h.note = [...shown].map((one) => one.join(' ')).join(', ')
      }),
  'n killed before `sent` is durable, then edited': () =>
    tell({}, async (h) => {
      h.world.streams.crash = () => 0
      h.world.streams.disk = () => 1 // a write takes longer than the way to Square
      h.pc.staysSignedOut = true
      h.fates.push('lost-and-crash')
      h.staff.create({ givenName: 'Ann', phoneNumber: '212-555-0101', note: 'x' })
      await h.go(1500)
      h.pc.unacknowledged = []
      h.pc.signOut()
      await h.go(20_000)
      if (h.pc.mirror.rows.rows.size > 0) h.squash({ phoneNumber: '(212) 555-0102' })
      await h.go(300)
      h.pc.signInAgain()
      await h.go(7 * MINUTE)
    }),
  'o create whose outcome nobody knows and nobody answers: the directory still fills': () =>
    tell({ flags: KEY_FORGOTTEN, pullEveryMs: 5000 }, async (h) => {
      h.fates.push('lost-and-crash')
      h.pc.crashDownMs = 15 * MINUTE
      h.staff.create({ givenName: 'Ann', phoneNumber: '212-555-0101', note: 'x' })
      await h.go(1500)
      h.world.square.model.colleague.remove('SQ1', h.world.square.call())
      await h.go(26 * MINUTE)
      h.world.square.model.colleague.create({ given_name: 'Zoe' }, h.world.square.call())
      await h.go(10 * MINUTE)
      const zoe = [...h.pc.mirror.rows.rows.values()].some((row) => row.local.givenName === 'Zoe')
      h.note = `${h.questions().join()}, Zoe ${zoe ? 'shown' : 'missing'}`
      await h.answer(0.95)
      await h.go(5000)
    }),
  'p last attempt of a create lands just before the key is no longer trusted; the index is far behind': () =>
    tell({ indexLagMs: 5 * MINUTE, flags: { keyWindowMs: 15 * MINUTE } }, async (h) => {
      h.fates.push('drop')
      h.staff.create({ givenName: 'Ann', phoneNumber: '212-555-0101', note: 'x' })
      await h.sentOnce()
      h.pc.offline = true
      await h.go(9 * MINUTE + 20_000)
      h.fates.push('lost')
      h.pc.setOffline(false)
      await h.until(() => h.fates.length === 0)
      await h.go(100)
      h.pc.setOffline(true)
      await h.go(MINUTE)
      h.pc.setOffline(false)
      await h.go(5000)
      h.note = await h.answer(0.8)
      await h.go(15 * MINUTE)
    }),
  'r a stale list still shows an id that was merged away': () =>
    tell({}, async (h) => {
      await h.addAnn()
      h.staff.create({ givenName: 'Bob', phoneNumber: '+12125550103' })
      await h.go(3000)
      const stale = h.listed()
      const merged = h.merge('SQ2', 'SQ1')
      const remote = h.pc.world.square.model.retrieve(merged)
      if (remote.kind !== 'ok') throw new Error('merged customer not there')
      void h.pc.outbox.write([
        { kind: 'alias', fromSquareId: 'SQ1', toSquareId: merged, remote: wireToRemote(remote.value) },
      ])
      await h.go(300)
      await h.pull(stale.filter((c) => c.id === 'SQ1'))
      const row = [...h.pc.mirror.rows.rows.values()].find((r) => r.squareId === merged)!
      if (row.local.givenName !== 'Bob') h.world.oracle.bad('a stale list brought back what was merged away')
      await h.edit({ phoneNumber: '(212) 555-0102' }, row)
      await h.go(MINUTE)
      h.note = `${row.local.givenName}, ${await h.answer(0.9, 0.9)}`
    }),
  's draft saved again with the same id after done and compaction, key forgotten': () =>
    tell({ flags: KEY_FORGOTTEN }, async (h) => {
      h.pc.compactAfter = 1
      h.pc.crash(10)
      await h.go(1500)
      const op = {
        id: 'same',
        kind: 'create',
        localId: 'p0.c99',
        store: { merchantId: 'M', environment: 'sandbox' },
        patch: { givenName: { base: null, local: 'Ann' } },
      } as const
      void h.pc.save([{ kind: 'queue', op, replaces: [] }])
      await h.go(15 * MINUTE)
      void h.pc.project() // says that it has everything: now it may be compacted
      await h.go(300)
      h.pc.crash(10)
      await h.go(1500)
      void h.pc.save([{ kind: 'queue', op, replaces: [] }])
      await h.go(MINUTE)
      h.note = h.pc.disk.file?.records.some((line) => line.includes('"snapshot"'))
        ? 'compacted'
        : 'not compacted'
    }),
  't a field Square refuses blocks only its customer and is mended by a person': () =>
    tell({}, async (h) => {
      await h.addAnn()
      h.staff.create({ givenName: 'Bob' })
      await h.go(3000)
      await h.edit({ phoneNumber: BAD_PHONE, note: 'y' }, h.row(0))
      await h.edit({ note: 'z' }, h.row(1))
      await h.go(30_000)
      h.note = `${h.questions().join()}; ${h.square().join(' ')}; ${await h.answer()}`
      await h.go(5000)
    }),
  't2 a new customer told apart from one who is alike, refused for a field and mended: not asked again': () =>
    tell({ duplicatesFound: true }, async (h) => {
      const shop = { email_address: 'shop@example.com' }
      h.world.square.model.colleague.create({ given_name: 'Bob', ...shop }, h.world.square.call())
      h.staff.create({ givenName: 'Ann', phoneNumber: BAD_PHONE, emailAddress: shop.email_address })
      await h.go(3000)
      h.note = `${await h.answer(0.5)}, ${await h.answer()}`
      await h.go(3000)
      h.note += `, ${await h.answer(0.95)}`
    }),
  't3 the same, and a colleague adds somebody with that address meanwhile: asked about that one alone': () =>
    tell({ duplicatesFound: true }, async (h) => {
      const { colleague } = h.world.square.model
      const shop = { email_address: 'shop@example.com' }
      colleague.create({ given_name: 'Bob', ...shop }, h.world.square.call())
      h.staff.create({ givenName: 'Ann', phoneNumber: BAD_PHONE, emailAddress: shop.email_address })
      await h.go(3000)
      h.note = await h.answer(0.5)
      colleague.create({ given_name: 'Cy', ...shop }, h.world.square.call())
      h.note += `, ${await h.answer()}`
      await h.go(3000)
      const [asks] = h.pc.outbox.state().entries.values()
      const candidates = asks?.question && 'candidates' in asks.question ? asks.question.candidates : []
      const names = candidates.map(({ fields }) => fields.givenName).join()
      h.note += `, ${await h.answer(0.5)} ${names}`
      await h.go(3000)
    }),
  "u the same person typed in twice, one of them lost: the customer of the other one is nobody else's match":
    () =>
      tell({ flags: KEY_FORGOTTEN }, async (h) => {
        const ann = { givenName: 'Ann', phoneNumber: '212-555-0101', note: 'x' }
        h.staff.create(ann)
        await h.go(3000)
        h.fates.push('drop-and-crash')
        h.pc.crashDownMs = 18 * MINUTE
        h.staff.create(ann)
        await h.go(20 * MINUTE)
        h.note = await h.answer(0.8)
        await h.go(MINUTE)
      }),
  'u2 a create whose answer got lost is found for another one and chosen there: one customer, not created again':
    () =>
      tell({ duplicatesFound: true }, async (h) => {
        let attempts = 0
        // Its answer is lost, and nothing gets through again while its key is trusted.
        h.world.square.script = (_pc, request) =>
          request.kind !== 'create' ? null : attempts++ === 0 ? 'lost' : 'drop'
        h.staff.create({ givenName: 'Ann', phoneNumber: '212-555-0101', note: 'x' })
        await h.sentOnce()
        h.staff.create({ givenName: 'Annie', phoneNumber: '212-555-0101' })
        await h.go(MINUTE)
        // Which name it shall be is asked next, and taken from Square.
        const chosen = await h.answer(0.1)
        await h.go(MINUTE)
        const first = `${chosen}, ${await h.answer(0.1, 0.9)}`
        await h.go(25 * MINUTE)
        h.world.square.script = null
        h.note = `${first}, ${await h.answer(0.1)}, ${h.pc.visible().length} row`
        await h.go(MINUTE)
      }),
  'u3 two creates in doubt; the customer of one is gone, that of the other one is changed to look like it: asked':
    () =>
      tell({}, async (h) => {
        const ann = { givenName: 'Ann', phoneNumber: '212-555-0101', note: 'x' }
        let attempts = 0
        h.world.square.script = (_pc, request) =>
          request.kind !== 'create' ? null : attempts++ === 0 ? 'lost' : 'drop'
        h.staff.create(ann)
        await h.sentOnce()
        h.world.square.model.colleague.remove('SQ1', h.world.square.call())
        await h.go(11 * MINUTE)
        attempts = 0
        h.staff.create({ givenName: 'Bob' })
        await h.until(() => h.world.square.model.customers().length > 0)
        h.colleagueEdits('SQ2', ann)
        await h.go(4 * MINUTE)
        h.world.square.script = null
        h.note = await h.answer(0.8)
        await h.go(7 * MINUTE)
      }),
  'u4 two creates in doubt; the customer of one is changed to look like the other one: the question still has it':
    () =>
      tell({}, async (h) => {
        let attempts = 0
        h.world.square.script = (_pc, request) =>
          request.kind !== 'create' ? null : attempts++ === 0 ? 'lost' : 'drop'
        h.staff.create({ givenName: 'Ann', note: 'x' })
        await h.sentOnce()
        h.colleagueEdits('SQ1', { givenName: 'Bob', note: null })
        await h.go(11 * MINUTE)
        h.staff.create({ givenName: 'Bob' })
        await h.go(4 * MINUTE)
        h.note = await h.answer(0.1)
        h.world.square.script = null
        await h.go(7 * MINUTE)
        h.note += `, ${await h.answer(0.1)}`
        await h.go(MINUTE)
      }),
  'v delete confirmed before its customer had an id, merged meanwhile into one that looks the same: asked':
    () => tell({}, deletedBeforeItsId),
  'v2 the same where Square answers the create with what it has become: asked': () =>
    tell({ flags: { replay: 'current' } }, deletedBeforeItsId),
  'v3 delete of one that a merge made, merged again into one that looks the same: asked': () =>
    tell({}, async (h) => {
      const { model } = h.world.square
      const same = () => model.colleague.create({ given_name: 'Ann' }, h.world.square.call())
      same()
      same()
      h.merge('SQ1', 'SQ2')
      await h.pull()
      h.pc.setOffline(true)
      await h.staff.remove(h.row())
      same()
      h.merge('SQ3', 'SQ4')
      h.pc.setOffline(false)
      await h.go(7 * MINUTE)
      h.note = await h.answer(0.9)
      await h.go(5000)
    }),
  'w undo of the first of two waiting edits: refused, for the second one builds on it': () =>
    tell({}, async (h) => {
      h.world.solo = true // any question here would be needless
      await h.addAnn()
      h.pc.signOut()
      h.pc.staysSignedOut = true
      await h.edit({ phoneNumber: '(212) 555-0102' })
      await h.go(300)
      await h.edit({ phoneNumber: '+12125550103' })
      await h.go(300)
      const [first] = h.pc.open(h.row())
      void h.pc.save([{ kind: 'withdraw', opIds: [first!.op.id], why: 'undo' }])
      await h.go(300)
      h.note = `${h.world.counts.get('refused: not-the-tail') ?? 0} refused`
      h.pc.signInAgain()
      await h.go(7 * MINUTE)
    }),
  'x an edit saved after its customer was withdrawn: refused, for there is no such customer': () =>
    tell({}, async (h) => {
      h.pc.signOut()
      h.pc.staysSignedOut = true
      h.staff.create({ givenName: 'Ann' })
      await h.go(300)
      const { localId } = h.row()
      const [create] = h.pc.open(h.row())
      void h.pc.save([{ kind: 'withdraw', opIds: [create!.op.id], why: 'undo' }])
      await h.go(300)
      const patch = { note: { base: null, local: 'x' } }
      const op = {
        kind: 'update',
        id: 'late',
        localId,
        store: STORE,
        patch,
        squareId: null,
        basis: null,
      } as const
      void h.pc.save([{ kind: 'queue', op, replaces: [] }])
      await h.go(300)
      h.note = `${h.world.counts.get('refused: customer-gone') ?? 0} refused`
      h.pc.signInAgain()
      await h.go(MINUTE)
    }),
  'y update applied, answer lost, compacted, killed, reverted by a colleague: still in doubt': () =>
    tell({}, async (h) => {
      h.pc.compactAfter = 1
      h.pc.crash(10)
      await h.go(1500)
      await h.addAnn()
      h.fates.push('lost')
      await h.edit({ phoneNumber: '(212) 555-0102' })
      await h.sentOnce()
      h.pc.setOffline(true)
      h.colleagueEdits('SQ1', { phoneNumber: '212-555-0101' })
      await h.go(300)
      const compacted = h.pc.disk.file?.records[0]?.includes('"snapshot"')
      h.pc.crash(500)
      await h.go(3000)
      h.pc.setOffline(false)
      await h.go(7 * MINUTE)
      h.note = `${compacted ? 'compacted' : 'not compacted'}, ${await h.answer(0.9, 0.9)}`
      await h.go(5000)
    }),
  'y2 update done late, sent again meanwhile and turned away with 429, reverted by a colleague: still in doubt':
    () =>
      tell({}, async (h) => {
        await h.addAnn()
        h.fates.push('late', 'limited')
        await h.edit({ phoneNumber: '(212) 555-0102' })
        await h.until(() => h.fates.length === 0)
        await h.go(100)
        h.pc.setOffline(true)
        await h.go(MINUTE)
        h.colleagueEdits('SQ1', { phoneNumber: '212-555-0101' })
        h.pc.setOffline(false)
        await h.go(7 * MINUTE)
        h.note = await h.answer(0.9, 0.9)
        await h.go(5000)
      }),
  ...Object.fromEntries(
    Object.entries({ ...OLD_HISTORIES, ...BULK_HISTORIES, ...STANDING_HISTORIES }).map(
      ([name, { options, story }]) => [name, () => tell(options, story)],
    ),
  ),
}

async function tell(
  options: ConstructorParameters<typeof History>[0],
  story: (h: History) => Promise<void>,
): Promise<Told> {
  const history = await new History(options).begin()
  await story(history)
  return { violations: await history.end(), square: history.square(), note: history.note }
}

async function deletedBeforeItsId(h: History): Promise<void> {
  h.fates.push('lost')
  h.staff.create({ givenName: 'Ann', phoneNumber: '212-555-0101', note: 'x' })
  await h.sentOnce()
  h.pc.setOffline(true)
  await h.staff.remove(h.row())
  const { model } = h.world.square
  model.colleague.create({ given_name: 'Ann' }, h.world.square.call())
  h.merge('SQ1', 'SQ2')
  h.pc.setOffline(false)
  await h.go(7 * MINUTE)
  h.note = await h.answer(0.9)
  await h.go(5000)
}
