export function packagePlan(
  args: readonly string[],
  platform: string,
  arch: string,
):
  | { readonly kind: 'refused'; readonly why: string }
  | {
      readonly kind: 'planned'
      readonly platforms: readonly string[]
      readonly arch: string
      readonly builderArguments: readonly string[]
    }
