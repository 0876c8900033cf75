import { createPinia } from 'pinia'
import { createApp } from 'vue'
import type { RouterHistory } from 'vue-router'
import App from './App.vue'
import { APP_SERVICES, type AppServices } from './app-services.ts'
import { createText } from './i18n/text.ts'
import { createAppRouter } from './router.ts'

/** The whole window, not mounted yet: `main.ts` gives the real services, the preview and tests give fakes. */
export function createCounterfoil(services: AppServices, history?: RouterHistory) {
  return createApp(App)
    .provide(APP_SERVICES, services)
    .use(createPinia())
    .use(createText())
    .use(createAppRouter(history))
}
