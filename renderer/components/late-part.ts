import { defineComponent, h, ref, shallowRef, type Component } from 'vue'
import { useServices } from '../app-services.ts'
import LatePartFailed from './LatePartFailed.vue'

/** A part of the window in a chunk of its own, so that the list does not wait for it at the start. */
export interface LatePart<Part extends Component> {
  /** The part itself, with its props and events. Nothing is seen until its chunk is here; then it comes at once. */
  readonly component: Part
  /** Fetches the chunk unless it is here; rejects where it cannot be loaded, and may be called again then. */
  readonly load: () => Promise<unknown>
}

/** `page`: it is all there is on screen. A chunk that cannot be loaded is said in its place, with a way to try again. */
export function latePart<Part extends Component>(
  fetchPart: () => Promise<{ default: Part }>,
  { page = false } = {},
): LatePart<Part> {
  const loaded = shallowRef<Part | null>(null)
  let loading: Promise<void> | null = null

  function load(): Promise<void> {
    loading ??= fetchPart().then(
      (module) => void (loaded.value = module.default),
      (error: unknown) => {
        loading = null
        throw error
      },
    )
    return loading
  }

  const component = defineComponent({
    inheritAttrs: false,
    setup(_, { attrs, slots }) {
      const { onFault } = useServices()
      const failed = ref(false)
      async function bring() {
        failed.value = false
        try {
          await load()
        } catch (error) {
          failed.value = true
          onFault('chunk', error)
        }
      }
      if (!loaded.value) void bring()
      return () => {
        if (loaded.value) return h(loaded.value, attrs, slots)
        return failed.value ? h(LatePartFailed, { page, onRetry: () => void bring() }) : null
      }
    },
  })
  return { component: component as unknown as Part, load }
}
