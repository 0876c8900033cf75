import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import {
  BookRefused,
  type AnswerDraft,
  type BookSummary,
  type CustomerBook,
  type FormDraft,
  type Joined,
  type OpenedBook,
} from '../book.ts'
import { useServices, type ConnectedSession } from '../app-services.ts'

const NOTHING_YET: BookSummary = {
  total: 0,
  waiting: 0,
  needYou: 0,
  questions: [],
  pull: { kind: 'never' },
  showEveryConflict: false,
}

/** The open customer book: its counts, its notice, and what somebody was still typing. */
export const useBook = defineStore('book', () => {
  const services = useServices()
  const book = shallowRef<CustomerBook | null>(null)
  const phase = ref<'closed' | 'opening' | 'open' | 'failed'>('closed')
  /** Why the book refused to open; null where it failed for another reason. */
  const refused = ref<BookRefused['reason'] | null>(null)
  /** What is done about a directory that cannot be read (S25). */
  const repair = ref<'restarting' | 'disk-low' | null>(null)
  const summary = shallowRef<BookSummary>(NOTHING_YET)
  /** False until the book has counted: the summary then says nothing. */
  const counted = ref(false)
  const notice = ref<OpenedBook['notice'] | 'damaged'>(null)
  /** What is kept of forms that were left: true at any time, as whoever keeps or discards one does it here. */
  const drafts = shallowRef<readonly FormDraft[]>([])
  /** The operation of the form on screen: what is kept of that one nobody needs to be told. */
  const inForm = ref<string | null>(null)
  /** Half-given answers by the operation that asks; of this store alone. */
  const answers = shallowRef(new Map<string, AnswerDraft>())
  /** Merges in Square that staff have not put aside, the newest last. */
  const joined = shallowRef<readonly Joined[]>([])
  let stopWatching: (() => void) | null = null
  let storeKey = ''

  const firstQuestion = computed(() => summary.value.questions[0] ?? null)

  /** Opens the book of that store; again for the same store does nothing. */
  async function openFor(session: ConnectedSession): Promise<void> {
    const key = `${session.store.environment}/${session.store.merchantId}`
    if (key === storeKey && phase.value !== 'failed') return
    // Nothing to close: the directory is being opened before the screen is drawn.
    if (storeKey !== '') await close()
    storeKey = key
    phase.value = 'opening'
    const opened = services.bookFor(session)
    try {
      const { notice: found, setAside = 0 } = await opened.open()
      notice.value = found ?? (setAside > 0 ? 'damaged' : null)
      // Before any screen sees the book: a question that is open again after a reload begins where it was left.
      answers.value = new Map((await opened.answerDrafts()).map((draft) => [draft.opId, draft]))
      book.value = opened
      const stopSummary = opened.watchSummary((next) => {
        summary.value = next
        counted.value = true
      })
      const stopJoined = opened.watchJoined((one) => (joined.value = [...joined.value, one]))
      const stopSetAside = opened.watchSetAside(() => (notice.value ??= 'damaged'))
      const stopNotice = opened.watchNotice((later) => (notice.value = later))
      stopWatching = () => {
        stopSetAside()
        stopNotice()
        stopSummary()
        stopJoined()
      }
      drafts.value = await opened.drafts()
      phase.value = 'open'
    } catch (error) {
      refused.value = error instanceof BookRefused ? error.reason : null
      phase.value = 'failed'
      // It may have opened: trying again opens another one.
      stopWatching?.()
      stopWatching = null
      book.value = null
      await opened.close().catch(() => {})
    }
    await reportDirectory()
  }

  /** Main counts the starts at which the directory does not open, and knows what to do next (S25). */
  async function reportDirectory(): Promise<void> {
    const report = { opened: phase.value === 'open' }
    if (!report.opened && refused.value !== 'unreadable') return
    const result = await services.bridge.invoke['storage:directory'](report)
    repair.value = result === 'restarting' || result === 'disk-low' ? result : null
  }

  async function close(): Promise<void> {
    stopWatching?.()
    stopWatching = null
    const closing = book.value
    book.value = null
    storeKey = ''
    summary.value = NOTHING_YET
    counted.value = false
    drafts.value = []
    answers.value = new Map()
    notice.value = null
    joined.value = []
    phase.value = 'closed'
    await closing?.close()
  }

  async function refreshDrafts(): Promise<void> {
    drafts.value = (await book.value?.drafts()) ?? []
  }
  async function keepDraft(draft: FormDraft): Promise<void> {
    await book.value?.keepDraft(draft)
    await refreshDrafts()
  }
  /** Gone at once for whoever looks; back where it could not be forgotten. */
  async function discardDraft(opId: string): Promise<void> {
    drafts.value = drafts.value.filter(({ form }) => form.opId !== opId)
    try {
      await book.value?.discardDraft(opId)
    } finally {
      await refreshDrafts()
    }
  }

  /** The open book; only called by screens that are shown while it is open. */
  function opened(): CustomerBook {
    if (!book.value) throw new Error('the book is not open')
    return book.value
  }

  return {
    book,
    phase,
    refused,
    repair,
    summary,
    counted,
    notice,
    drafts,
    inForm,
    answers,
    joined,
    firstQuestion,
    openFor,
    close,
    refreshDrafts,
    keepDraft,
    discardDraft,
    opened,
  }
})
