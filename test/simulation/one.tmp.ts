import { runSeed } from './run-seed.ts'
const from = Number(process.argv[2] ?? 1), n = Number(process.argv[3] ?? 1)
const t0 = Date.now()
let bad = 0
const counts = new Map<string, number>()
for (let s = from; s < from + n; s++) {
  const r = await runSeed(s, n === 1)
  for (const [k, v] of r.counts) counts.set(k, (counts.get(k) ?? 0) + v)
  if (n === 1) console.log(r.lines.join('\n'))
  if (r.violations.length) { bad++; console.log(s, r.violations.slice(0, 2), r.acknowledged, r.steps) }
}
console.log('seeds', n, 'bad', bad, 'ms/seed', (Date.now() - t0) / n)
if (n > 1) console.log([...counts].sort().map(([k, v]) => `${k}: ${v}`).join(', '))
