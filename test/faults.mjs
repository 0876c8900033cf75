// FAULTS.md says for every fault which tests hold what must hold, INVARIANTS.md the same for every invariant. Here they are
// read, and compared with what has passed.

/**
 * @typedef {{ file: string, title: string }} NamedTest
 * @typedef {{ number: number, fault: string, must: string, tests: readonly NamedTest[], whyNot: string | null }} FaultRow
 */

const ROW = /^\|\s*I?(\d+)\s*\|([^|]*)\|([^|]*)\|(.*)\|\s*$/
const TEST = /^`(test\/[^`]+)` (.+)$/
const NOT_HERE = /^not here: (.+)$/

/** The two tables, from the project's folder, and what a row of each is called. */
export const TABLES = [
  { path: 'test/FAULTS.md', row: 'fault ', count: 67 },
  { path: 'test/simulation/INVARIANTS.md', row: 'invariant I', count: 22 },
]

/**
 * The rows of such a table, in order. Throws with the line of whatever is neither a test nor a reason.
 * @param {string} markdown
 * @returns {FaultRow[]}
 */
export function readFaults(markdown) {
  return markdown.split('\n').flatMap((line) => {
    const [, number, fault = '', must = '', held = ''] = ROW.exec(line) ?? []
    if (number === undefined) return []
    /** @type {NamedTest[]} */
    const tests = []
    let whyNot = null
    for (const part of held.split('<br>').map((text) => text.trim())) {
      const test = TEST.exec(part)
      const reason = NOT_HERE.exec(part)
      if (test) tests.push({ file: test[1] ?? '', title: (test[2] ?? '').replaceAll('\\|', '|') })
      else if (reason) whyNot = reason[1] ?? ''
      else throw new Error(`row ${number}, ${fault.trim()}: neither a test nor a reason: ${part}`)
    }
    return [{ number: Number(number), fault: fault.trim(), must: must.trim(), tests, whyNot }]
  })
}

/**
 * What the table claims and the run does not bear out, one line each.
 * @param {readonly FaultRow[]} rows
 * @param {readonly NamedTest[]} passed
 * @param {string} [row]
 * @returns {string[]}
 */
export function unprovenFaults(rows, passed, row = 'fault ') {
  const known = new Set(passed.map(({ file, title }) => `${file} ${title}`))
  return rows.flatMap(({ number, tests }) =>
    tests
      .filter(({ file, title }) => !known.has(`${file} ${title}`))
      .map(({ file, title }) => `${row}${number}: did not run and pass: ${file} “${title}”`),
  )
}
