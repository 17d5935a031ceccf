// npm run bench: the goals that concern the outbox and the process, each against its limit measured in the same run.
// npm run bench -- ingest start --runs 5 --json result.json
import { mkdtempSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { catchUp } from './catch-up.ts'
import { claim } from './claim.ts'
import { ingest } from './ingest.ts'
import { HEADING, type Line, toText } from './line.ts'
import { memory } from './memory.ts'
import { redCard } from './red-card.ts'
import { slack } from './slack.ts'
import { start } from './start.ts'
import { storm } from './storm.ts'

const MEASUREMENTS: Readonly<Record<string, (runs: number) => Promise<Line[]>>> = {
  ingest,
  'catch-up': catchUp,
  memory,
  claim,
  slack,
  start,
  'red-card': redCard,
  storm,
}
/** One that takes longer is given up. */
const LONGEST_MS = 20 * 60_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '3' }, json: { type: 'string' } },
})
const runs = Number(values.runs)
const unknown = positionals.filter((name) => !(name in MEASUREMENTS))
if (unknown.length > 0 || !Number.isInteger(runs) || runs < 1 || runs % 2 === 0) {
  process.stderr.write(`npm run bench -- [${Object.keys(MEASUREMENTS).join('|')} ...] [--runs <odd number>] [--json <file>]\n`)
  process.exit(2)
}

/** Under 1 nobody else was at it. */
const load = Number(loadavg()[0]?.toFixed(1))
const machine = `${availableParallelism()} cores (${cpus()[0]?.model ?? '?'}), ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`
const names = positionals.length > 0 ? positionals : Object.keys(MEASUREMENTS)
const report = { at: new Date().toISOString(), machine, load, runs, lines: [] as Line[], failures: {} as Record<string, string> }
print(`${report.at.slice(0, 10)}, ${machine}, load before it ${load}, medians of ${runs}\n${HEADING}`)
for (const name of names) {
  try {
    const lines = await within(LONGEST_MS, MEASUREMENTS[name]?.(runs) ?? Promise.resolve([]))
    report.lines.push(...lines)
    for (const line of lines) print(toText(line))
  } catch (cause) {
    report.failures[name] = cause instanceof Error ? cause.message : String(cause)
    print(`${name} failed: ${report.failures[name]}`)
  }
}
const path = values.json ?? join(mkdtempSync(join(tmpdir(), 'redkey-bench-result-')), 'bench.json')
writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`)
print(`Every run is in ${path}`)
process.exit(Object.keys(report.failures).length > 0 ? 1 : 0)

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`not done in ${ms / 60_000} minutes`)), ms)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
