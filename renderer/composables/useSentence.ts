import { computed } from 'vue'
import { assertNever } from '#shared/exhaustive.ts'
import type { SyncState } from '#shared/sync/sync-state.ts'
import type { BookSummary, PullProgress } from '../book.ts'
import type { Text } from '../i18n/text.ts'

export interface Sentence {
  readonly tone: 'quiet' | 'busy' | 'warning' | 'error'
  readonly words: string
  /** How old the directory is, or how far its first load has come. */
  readonly directory: string
  readonly signIn: boolean
}
type Words = Pick<Text, 't' | 'tn'> & { readonly time: (iso: string | null) => string }

/** The one sentence of the status bar, from what the engine does and what the book counts. */
export function sentenceOf(
  sync: SyncState,
  summary: BookSummary,
  signedOut: boolean,
  words: Words,
): Sentence {
  const directory = directoryWords(summary.pull, words)
  return { directory, ...connectionWords(sync, summary, signedOut, words) }
}

function connectionWords(sync: SyncState, summary: BookSummary, signedOut: boolean, { t, tn, time }: Words) {
  const quiet = (said: string) => ({ tone: 'quiet' as const, words: said, signIn: false })
  const pause = signedOut ? ({ kind: 'signed-out' } as const) : sync.paused
  switch (pause?.kind) {
    case 'log-unwritable':
      return { tone: 'error' as const, words: t('sentence.logUnwritable'), signIn: false }
    case 'signed-out':
      return { tone: 'warning' as const, words: t('sentence.signedOut'), signIn: true }
    case 'forbidden':
      return {
        tone: 'warning' as const,
        words: t('sentence.forbidden', { missing: pause.missing }),
        signIn: true,
      }
    case 'safe-mode':
      return { tone: 'error' as const, words: t('sentence.safeMode'), signIn: false }
    case 'rate-limited':
      return quiet(t('sentence.rateLimited'))
    case 'starting':
    case undefined:
      break
    default:
      return assertNever(pause)
  }
  if (sync.connection === 'offline') {
    const since =
      sync.offlineSince === null
        ? t('sentence.offline')
        : t('sentence.offlineSince', { time: time(sync.offlineSince) })
    const waits = summary.waiting > 0 ? tn('sentence.savedHere', summary.waiting) : t('sentence.nothingWaits')
    return { tone: 'busy' as const, words: `${since} - ${waits}`, signIn: false }
  }
  if (pause?.kind === 'starting' || sync.connection === 'unknown') return quiet(t('sentence.checking'))
  if (summary.waiting > 0)
    return { tone: 'busy' as const, words: tn('sentence.onlineWaiting', summary.waiting), signIn: false }
  if (sync.sending.length > 0) return { tone: 'busy' as const, words: t('sentence.sending'), signIn: false }
  return quiet(summary.needYou > 0 ? t('sentence.online') : t('sentence.allIn'))
}

function directoryWords(pull: PullProgress, { t, time }: Words): string {
  switch (pull.kind) {
    case 'never':
      return t('sentence.neverLoaded')
    case 'loading':
      return pull.of === null
        ? t('sentence.firstLoad', { got: pull.got })
        : t('sentence.firstLoadOf', { got: pull.got, of: pull.of })
    case 'current':
      return t('sentence.asOf', { time: time(pull.asOf) })
    case 'stale':
      if (pull.asOf === null) return t('sentence.neverLoaded')
      return t(pull.why === 'failed' ? 'sentence.staleFailed' : 'sentence.asOf', { time: time(pull.asOf) })
    default:
      return assertNever(pull)
  }
}

/** `sentenceOf` for a component, following its sources. */
export function useSentence(
  sync: () => SyncState,
  summary: () => BookSummary,
  signedOut: () => boolean,
  words: Words,
) {
  return computed(() => sentenceOf(sync(), summary(), signedOut(), words))
}
