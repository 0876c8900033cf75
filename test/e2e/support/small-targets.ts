/**
 * Runs in the page: what can be pressed and is smaller than a finger needs (44 CSS pixels both ways; WCAG 2.2 asks for 24
 * with room around), by its name and size. A box with a label around it is as large as the label; what is not on screen,
 * or lies in a fold, is not looked at.
 */
export function smallTargets(): readonly string[] {
  const least = 44
  const pressable =
    'button, a[href], input, select, textarea, summary, [role="radio"], [role="option"], [role="button"], [role="tab"]'
  return [...document.querySelectorAll<HTMLElement>(pressable)].flatMap((one) => {
    const target = one instanceof HTMLInputElement ? (one.closest('label') ?? one) : one
    if (!target.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return []
    const { width, height } = target.getBoundingClientRect()
    if (width === 0 || (width >= least - 0.5 && height >= least - 0.5)) return []
    const name = one.getAttribute('aria-label') ?? one.getAttribute('name') ?? one.textContent.trim()
    return [`${one.tagName.toLowerCase()} “${name.slice(0, 40)}” ${width.toFixed(0)} x ${height.toFixed(0)}`]
  })
}
