import { createPinia } from 'pinia'
import { createApp } from 'vue'
import type { RouterHistory } from 'vue-router'
import App from './App.vue'
import { APP_SERVICES, type AppServices } from './app-services.ts'
import { createText } from './i18n/text.ts'
import { createAppRouter } from './router.ts'

/** The whole window, not mounted yet: `main.ts` gives the real services, the preview and tests give fakes. */
export function createCounterfoil(services: AppServices, history?: RouterHistory) {
  const app = createApp(App)
  app.config.errorHandler = (error) => services.onFault('vue', error)
  return app
    .provide(APP_SERVICES, services)
    .use(createPinia())
    .use(createText())
    .use(createAppRouter(history))
}
