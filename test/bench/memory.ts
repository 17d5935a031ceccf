import { type Line, line, type Run } from './line.ts'
import { forgetPeak, peakMb } from './proc.ts'
import { aBenchRedkey } from './redkey.ts'
import { seedBacklog } from './seed.ts'

const SMALL = 10_000
const LARGE = 1_000_000
const MOST_MB = 400
/** A small catch-up takes less than this, and the process is watched this long afterwards. */
const PATIENCE_MS = 300_000

/** The most that a fresh process holds while it catches up. */
export async function memory(runs: number): Promise<Line[]> {
  const done: Run[] = []
  for (let run = 0; run < runs; run++) {
    const limit = await peakOfCatchUp(SMALL)
    done.push({ limit, measured: await peakOfCatchUp(LARGE) })
  }
  const what = `memory while ${LARGE.toLocaleString('en')} are pushed`
  return [
    line(what, done, {
      unit: 'MB',
      goal: { atMost: 1.2 },
      against: `while ${SMALL.toLocaleString('en')} are`,
    }),
    line(
      what,
      done.map(({ measured }) => ({ measured, limit: MOST_MB })),
      { unit: 'MB', goal: { atMost: 1 }, against: 'the goal' },
    ),
  ]
}

async function peakOfCatchUp(backlog: number): Promise<number> {
  await using redkey = await aBenchRedkey()
  await redkey.start()
  await redkey.connect()
  await redkey.goRed()
  await redkey.stop()
  await seedBacklog(redkey.databaseFile, redkey.sandbox.slack.identity.teamId, backlog)
  await redkey.start()
  forgetPeak(redkey.pid())
  await redkey.reauthorize(0)
  await redkey.crm.received(backlog, PATIENCE_MS)
  await redkey.drained(PATIENCE_MS)
  return peakMb(redkey.pid())
}
