import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { type Line, line, median, type Run } from './line.ts'
import { aBenchRedkey, type BenchRedkey } from './redkey.ts'
import { seedBacklog } from './seed.ts'

const ROWS = 1_000_000
const EMPTY_MS = 1000
const FULL_MS = 1200
/** The first start of all keeps what it compiled; it is not counted. */
const UNCOUNTED = 1

/** From the start of the process to its first 200 of `/readyz`, Slack's link included. */
export async function start(runs: number): Promise<Line[]> {
  await using redkey = await aBenchRedkey()
  await startups(redkey, UNCOUNTED)
  const empty = await startups(redkey, runs, () => forgetDatabase(redkey))
  await redkey.start()
  await redkey.connect()
  await redkey.goRed()
  await redkey.stop()
  await seedBacklog(redkey.databaseFile, redkey.sandbox.slack.identity.teamId, ROWS)
  const full = await startups(redkey, runs)
  return [
    line('start to ready, new database', against(empty, EMPTY_MS), { unit: 'ms', goal: { atMost: 1 }, against: 'the goal' }),
    line(`start to ready, ${ROWS.toLocaleString('en')} rows`, against(full, FULL_MS), {
      unit: 'ms',
      goal: { atMost: 1 },
      against: 'the goal',
    }),
    line('start to ready, new database', against(empty, bareNodeMs(runs)), {
      unit: 'ms',
      goal: null,
      against: 'a node that does nothing: what the machine gives',
    }),
  ]
}

function bareNodeMs(runs: number): number {
  const tookMs = Array.from({ length: runs }, () => {
    const from = performance.now()
    spawnSync(process.execPath, ['-e', '0'])
    return performance.now() - from
  })
  return median(tookMs)
}

function forgetDatabase({ databaseFile }: BenchRedkey): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${databaseFile}${suffix}`, { force: true })
}

async function startups(redkey: BenchRedkey, runs: number, before = () => {}): Promise<number[]> {
  const tookMs: number[] = []
  for (let run = 0; run < runs; run++) {
    before()
    tookMs.push(await redkey.start())
    await redkey.stop()
  }
  return tookMs
}

function against(tookMs: readonly number[], limit: number): Run[] {
  return tookMs.map((measured) => ({ measured, limit }))
}
