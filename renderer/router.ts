import type { Component } from 'vue'
import { createRouter, createWebHashHistory, type RouteRecordRaw, type RouterHistory } from 'vue-router'
import type { LatePart } from './components/late-part.ts'
import { outboxView, settingsView, startView, syncLogView } from './late-parts.ts'
import BookView from './views/BookView.vue'

/** What stands to the right of the list. */
export type Pane = 'none' | 'card' | 'edit' | 'new' | 'question'
declare module 'vue-router' {
  interface RouteMeta {
    pane?: Pane
  }
}

const book = (path: string, name: string, pane: Pane): RouteRecordRaw => ({
  path,
  name,
  component: BookView,
  meta: { pane },
})

/** What is on screen stays until the page's chunk is here; one that cannot be loaded says so itself. */
const page = (path: string, name: string, { load, component }: LatePart<Component>): RouteRecordRaw => ({
  path,
  name,
  component: () =>
    load().then(
      () => component,
      () => component,
    ),
})

export const ROUTES: readonly RouteRecordRaw[] = [
  { path: '/', redirect: '/customers' },
  page('/start', 'start', startView),
  book('/customers', 'customers', 'none'),
  book('/customers/new', 'new', 'new'),
  book('/customers/:localId', 'card', 'card'),
  book('/customers/:localId/edit', 'edit', 'edit'),
  book('/customers/:localId/question', 'question', 'question'),
  page('/waiting', 'waiting', outboxView),
  page('/sync-log', 'sync-log', syncLogView),
  page('/settings', 'settings', settingsView),
  { path: '/:rest(.*)', redirect: '/customers' },
]

/** The app's routes; hash history survives a reload under `app://`, tests give a memory history. */
export function createAppRouter(history: RouterHistory = createWebHashHistory()) {
  return createRouter({ history, routes: [...ROUTES] })
}
