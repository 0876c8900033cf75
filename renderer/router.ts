import { createRouter, createWebHashHistory, type RouteRecordRaw, type RouterHistory } from 'vue-router'
import BookView from './views/BookView.vue'
import StartView from './views/StartView.vue'

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

export const ROUTES: readonly RouteRecordRaw[] = [
  { path: '/', redirect: '/customers' },
  { path: '/start', name: 'start', component: StartView },
  book('/customers', 'customers', 'none'),
  book('/customers/new', 'new', 'new'),
  book('/customers/:localId', 'card', 'card'),
  book('/customers/:localId/edit', 'edit', 'edit'),
  book('/customers/:localId/question', 'question', 'question'),
  { path: '/waiting', name: 'waiting', component: () => import('./views/OutboxView.vue') },
  { path: '/sync-log', name: 'sync-log', component: () => import('./views/SyncLogView.vue') },
  { path: '/settings', name: 'settings', component: () => import('./views/SettingsView.vue') },
  { path: '/:rest(.*)', redirect: '/customers' },
]

/** The app's routes; hash history survives a reload under `app://`, tests give a memory history. */
export function createAppRouter(history: RouterHistory = createWebHashHistory()) {
  return createRouter({ history, routes: [...ROUTES] })
}
