import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { AppInfo } from '#shared/ipc/contract.ts'
import type { ConnectRequest, ConnectResult, SessionState } from '#shared/session.ts'
import { useServices } from '../app-services.ts'

/** Which Square account this PC works with, as main says. `state` is null until main has answered once. */
export const useSession = defineStore('session', () => {
  const { bridge } = useServices()
  const state = ref<SessionState | null>(null)
  const info = ref<AppInfo | null>(null)

  const connected = computed(() => (state.value?.kind === 'connected' ? state.value : null))
  const environment = computed(() => connected.value?.store.environment ?? null)
  const isPractice = computed(() => environment.value === 'practice')
  /** There is no token that Square could be asked with: nothing leaves this PC before the next sign-in. */
  const signedOut = computed(() => ['expired', 'missing'].includes(connected.value?.token ?? ''))
  const country = computed(() => connected.value?.seller.country ?? 'US')

  /** Asks main once and listens from then on; returns the function that stops listening. */
  async function start(): Promise<() => void> {
    const stop = bridge.on['session:changed']((next) => (state.value = next))
    state.value = await bridge.invoke['session:state'](null)
    info.value = await bridge.invoke['app:info'](null)
    return stop
  }

  async function connect(request: ConnectRequest): Promise<ConnectResult> {
    const result = await bridge.invoke['session:connect'](request)
    if (result.kind === 'connected') state.value = result.session
    return result
  }

  async function disconnect(): Promise<void> {
    state.value = await bridge.invoke['session:disconnect'](null)
  }

  return { state, info, connected, environment, isPractice, signedOut, country, start, connect, disconnect }
})
