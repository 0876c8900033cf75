import { startApp } from './app.ts'

startApp(import.meta.dirname)
