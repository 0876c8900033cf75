import { useIntervalFn, useTimeoutFn } from '@vueuse/core'
import { computed, ref, watch } from 'vue'
import { assertNever } from '#shared/exhaustive.ts'
import type { SyncState } from '#shared/sync/sync-state.ts'
import { useServices } from '../app-services.ts'
import type { PullProgress } from '../book.ts'
import type { Text, TextKey } from '../i18n/text.ts'
import { useBook } from '../stores/book.ts'
import { useSession } from '../stores/session.ts'
import { useSync } from '../stores/sync.ts'
import { timeText } from './customer-text.ts'
import { nothingWaits, useWhatWaits, type WhatWaits } from './useWhatWaits.ts'
import { useWords } from './useWords.ts'

export interface Sentence {
  readonly tone: 'quiet' | 'busy' | 'warning' | 'error'
  /** `all-in` and `down` only where the words say so. */
  readonly icon: 'all-in' | 'up' | 'cloud' | 'down' | 'sign-in' | 'alert'
  readonly words: string
  /** How old the directory is, or how far its first load has come; empty while nobody knows. */
  readonly directory: string
  readonly signIn: boolean
}
/** What the sentence is made from. */
export interface Stand {
  readonly sync: SyncState
  readonly waits: WhatWaits
  /** How the directory is; told only while what waits is known too. */
  readonly pull: PullProgress
  readonly signedOut: boolean
  /** Requests leave, or have just left. */
  readonly sends: boolean
}
type Words = Pick<Text, 't' | 'tn'> & { readonly time: (iso: string | null) => string }

/** "Being sent" stands this long between two requests, so that it does not flicker: less than S29 allows. */
export const SENDS_FOR_MS = 900

/** The one sentence of the status bar, from what the engine does and what the book counts (S29). */
export function sentenceOf(stand: Stand, words: Words): Sentence {
  const directory = stand.waits.kind === 'counted' ? directoryWords(stand.pull, words) : ''
  return { directory, ...connectionWords(stand, words) }
}

/** What keeps from sending, else the line; and in each case how many wait, where that is known. */
function connectionWords({ sync, waits, signedOut, sends }: Stand, { t, tn, time }: Words) {
  const say = (tone: Sentence['tone'], icon: Sentence['icon'], said: string, signIn = false) => {
    return { tone, icon, words: said, signIn }
  }
  const pause = signedOut ? ({ kind: 'signed-out' } as const) : sync.paused
  switch (pause?.kind) {
    case 'log-unwritable':
      return say('error', 'alert', t('sentence.logUnwritable', { stand: safe() }))
    case 'signed-out':
      return say('warning', 'sign-in', t('sentence.signedOut', { stand: safe() }), true)
    case 'forbidden':
      return say(
        'warning',
        'sign-in',
        t('sentence.forbidden', { missing: pause.missing, stand: safe() }),
        true,
      )
    case 'safe-mode':
      return say('warning', 'alert', t('sentence.safeMode', { stand: safe() }))
    case 'rate-limited':
      return say(
        'quiet',
        'cloud',
        t('sentence.rateLimited', { stand: stand('sentence.waitingGoesOn') ?? t('sentence.goesOn') }),
      )
    case 'starting':
    case undefined:
      break
    default:
      return assertNever(pause)
  }
  if (sync.connection === 'offline') {
    if (sync.offlineCause !== null)
      return say(
        'warning',
        'alert',
        andWaits(t(`sentence.offlineCause.${sync.offlineCause}`), 'sentence.savedHere'),
      )
    const since =
      sync.offlineSince === null
        ? t('sentence.offline')
        : t('sentence.offlineSince', { time: time(sync.offlineSince) })
    return say('busy', 'down', andWaits(since, 'sentence.savedHere'))
  }
  if (pause?.kind === 'starting' || sync.connection === 'unknown')
    return say('quiet', 'cloud', andWaits(t('sentence.checking'), 'sentence.waiting'))
  if (waits.kind !== 'counted') return say('quiet', 'cloud', t('sentence.online'))
  if (waits.waiting > 0) {
    const said = sends ? 'sentence.onlineWaiting' : 'sentence.onlineWaits'
    return say('busy', 'up', tn(said, waits.waiting))
  }
  if (sends) return say('busy', 'up', t('sentence.sending'))
  if (!nothingWaits(waits)) return say('quiet', 'cloud', t('sentence.online'))
  return say('quiet', 'all-in', t('sentence.allIn'))

  /** How many wait, in those words, or that nothing does; null where neither may be said. */
  function stand(counted: TextKey): string | null {
    if (waits.kind === 'counted' && waits.waiting > 0) return tn(counted, waits.waiting)
    return nothingWaits(waits) ? t('sentence.nothingWaits') : null
  }
  function safe(): string {
    return stand('sentence.waitingSafe') ?? t('sentence.savedSafe')
  }
  function andWaits(said: string, counted: TextKey): string {
    const known = stand(counted)
    return known === null ? said : `${said} - ${known}`
  }
}

function directoryWords(pull: PullProgress, { t, time }: Words): string {
  switch (pull.kind) {
    case 'never':
      return t('sentence.neverLoaded')
    case 'loading':
      return loadWords(pull, 'sentence.firstLoad', 'sentence.firstLoadOf')
    case 'current':
      return t('sentence.asOf', { time: time(pull.asOf) })
    case 'stale':
      if (pull.asOf === null)
        return pull.first
          ? loadWords(pull.first, 'sentence.partLoad', 'sentence.partLoadOf')
          : t('sentence.neverLoaded')
      return t(pull.why === 'failed' ? 'sentence.staleFailed' : 'sentence.asOf', { time: time(pull.asOf) })
    default:
      return assertNever(pull)
  }

  function loadWords(
    { got, of }: { readonly got: number; readonly of: number | null },
    said: TextKey,
    saidOfAll: TextKey,
  ): string {
    return of === null ? t(said, { got }) : t(saidOfAll, { got, of })
  }
}

/** `sentenceOf` for a component, following the stores and the day. */
export function useSentence() {
  const sync = useSync()
  const books = useBook()
  const session = useSession()
  const waits = useWhatWaits()
  const words = useWords()
  const { wallIso } = useServices()
  const sends = ref(false)
  const { start, stop } = useTimeoutFn(() => (sends.value = false), SENDS_FOR_MS, { immediate: false })
  watch(
    () => sync.state.sending.length > 0,
    (now) => {
      stop()
      if (now) sends.value = true
      else start()
    },
    { immediate: true },
  )
  // A time of today stands without its day: tomorrow it must not.
  const today = ref(dayOf(wallIso()))
  useIntervalFn(() => (today.value = dayOf(wallIso())), 1_000)
  const time = (iso: string | null) => timeText(iso, words.locale.value, wallIso())

  return computed(() => {
    void today.value
    const { pull } = books.summary
    return sentenceOf(
      { sync: sync.state, waits: waits.value, pull, signedOut: session.signedOut, sends: sends.value },
      { t: words.t, tn: words.tn, time },
    )
  })
}

function dayOf(iso: string): string {
  return new Date(iso).toDateString()
}
