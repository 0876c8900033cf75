import { latePart } from './components/late-part.ts'

/**
 * What nobody needs to look somebody up: in chunks of their own, in the order in which they are wanted. They are fetched
 * as soon as the list can be used (`loadLateParts`), so that a key finds them here.
 */
export const formPane = latePart(() => import('./components/form/FormPane.vue'))
export const questionPane = latePart(() => import('./components/question/QuestionPane.vue'))
export const deleteDialog = latePart(() => import('./components/card/DeleteDialog.vue'))
export const practiceDrawer = latePart(() => import('./components/PracticeDrawer.vue'))
export const startView = latePart(() => import('./views/StartView.vue'), { page: true })
export const outboxView = latePart(() => import('./views/OutboxView.vue'), { page: true })
export const syncLogView = latePart(() => import('./views/SyncLogView.vue'), { page: true })
export const settingsView = latePart(() => import('./views/SettingsView.vue'), { page: true })

const IN_ORDER = [
  formPane,
  deleteDialog,
  questionPane,
  outboxView,
  settingsView,
  practiceDrawer,
  syncLogView,
  startView,
]

/** Fetches them one after the other, each after `idle`. One that fails is left: whoever needs it tries again, and is told. */
export async function loadLateParts(idle: () => Promise<void>): Promise<void> {
  for (const part of IN_ORDER) {
    await idle()
    await part.load().catch(() => {})
  }
}
