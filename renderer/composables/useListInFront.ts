import { useMediaQuery } from '@vueuse/core'
import { computed, inject, onScopeDispose, provide, ref, type InjectionKey, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import type { Pane } from '../router.ts'

const ASIDE: InjectionKey<Readonly<Ref<boolean>>> = Symbol('pane aside')

/**
 * Which of list and pane can be seen. Where there is no room for both, the pane covers the list until somebody searches:
 * then the pane steps aside, with everything in it kept, until the search is emptied or the way leads somewhere.
 */
export function useListInFront(pane: () => Pane) {
  const router = useRouter()
  const besideCard = useMediaQuery('(min-width: 64.0625rem)')
  const besideQuestion = useMediaQuery('(min-width: 96rem)')
  const called = ref(false)
  const tooNarrow = computed(() => !(pane() === 'question' ? besideQuestion.value : besideCard.value))
  const aside = computed(() => pane() !== 'none' && tooNarrow.value && called.value)
  const listShown = computed(() => pane() === 'none' || !tooNarrow.value || called.value)
  const paneShown = computed(() => (pane() === 'none' ? !tooNarrow.value : !aside.value))
  // Also after a way that leads to where one is already: the same question again, the card that lies behind the list.
  onScopeDispose(router.afterEach(() => (called.value = false)))
  provide(ASIDE, aside)
  return { aside, listShown, paneShown, call: (on: boolean) => (called.value = on) }
}

/** True while this pane has stepped aside for the list: its keys are not meant then. */
export function usePaneAside(): Readonly<Ref<boolean>> {
  return inject(ASIDE, ref(false))
}
