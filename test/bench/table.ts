import { keepsBudget, type Figure } from './figures.ts'

/** The figures as lines of text, columns under each other; `judged` false leaves the verdicts out. */
export function tableOf(figures: readonly Figure[], judged: boolean): string[] {
  const rows = figures.map((figure, at) => [
    figure.benchmark === figures[at - 1]?.benchmark ? '' : figure.benchmark,
    figure.name,
    amount(figure.value, figure.unit),
    budgetWords(figure),
    judged ? verdict(figure) : '',
  ])
  const all = [['', '', 'measured', 'budget', ''], ...rows]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]!.length)))
  return all.map((row) =>
    row
      .map((cell, column) =>
        column === 2 || column === 3 ? cell.padStart(widths[column]!) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
}

function amount(value: number, unit: Figure['unit']): string {
  const digits = Math.abs(value) < 100 ? 1 : 0
  return `${value.toFixed(digits)} ${unit}`
}

function budgetWords({ budget, unit }: Figure): string {
  if (!budget) return ''
  return 'atMost' in budget ? `≤ ${budget.atMost} ${unit}` : `≥ ${budget.atLeast} ${unit}`
}

function verdict(figure: Figure): string {
  const kept = keepsBudget(figure)
  if (kept === null) return ''
  return kept ? 'kept' : 'BROKEN'
}
