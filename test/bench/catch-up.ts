import { A_PUSH, IN_FLIGHT, networkOut, perSecond } from './limits.ts'
import { type Line, line, type Run } from './line.ts'
import { cpuMs } from './proc.ts'
import { bodiesOf } from './records.ts'
import { aBenchRedkey, type BenchRedkey } from './redkey.ts'
import { sendAll, touchpointsAt } from './send.ts'

const LATENCY_MS = 50
/** Records a second, if every request were answered to the millisecond and the next one sent in no time. */
const BOUND = perSecond(IN_FLIGHT * A_PUSH, LATENCY_MS)
const SLOW_RECORDS = 400_000
const INSTANT_RECORDS = 200_000
const AT_LEAST_A_SECOND = 100_000
const CPU_US = 10
const PATIENCE_MS = 180_000

/** What an outage held back is pushed after a login, with its progress in Slack. */
export async function catchUp(runs: number): Promise<Line[]> {
  await using redkey = await aBenchRedkey()
  await redkey.start()
  await redkey.connect()
  const slow: CaughtUp[] = []
  const instant: CaughtUp[] = []
  const alone: Run[] = []
  for (let run = 0; run < runs; run++) {
    slow.push(await caughtUp(redkey, `slow${run}`, SLOW_RECORDS, LATENCY_MS))
    instant.push(await caughtUp(redkey, `instant${run}`, INSTANT_RECORDS, 0))
    alone.push({ measured: await networkOut(LATENCY_MS, SLOW_RECORDS), limit: BOUND })
  }
  const bound = `${IN_FLIGHT} x ${A_PUSH} records / ${LATENCY_MS} ms`
  return [
    line(`catch-up to a CRM of ${LATENCY_MS} ms`, rates(slow, BOUND), {
      unit: 'records/s',
      goal: { atLeast: 0.95 },
      against: bound,
    }),
    line(`processor time of that catch-up`, cpus(slow), { unit: 'us/record', goal: { atMost: 1 }, against: 'the goal' }),
    line('a client that only sends, to the same CRM', alone, {
      unit: 'records/s',
      goal: null,
      against: `${bound}: what the network gives`,
    }),
    line('catch-up to an instant CRM', rates(instant, AT_LEAST_A_SECOND), {
      unit: 'records/s',
      goal: { atLeast: 1 },
      against: "the goal: 5 x pg-boss's 20k out",
    }),
    line('processor time of that catch-up', cpus(instant), { unit: 'us/record', goal: null, against: 'the same goal' }),
  ]
}

interface CaughtUp {
  readonly rate: number
  readonly cpuUs: number
}

async function caughtUp(redkey: BenchRedkey, prefix: string, records: number, latencyMs: number): Promise<CaughtUp> {
  await redkey.goRed()
  await sendAll(touchpointsAt(redkey), bodiesOf(prefix, records, 1000), 4)
  await redkey.reauthorize(latencyMs)
  const before = cpuMs(redkey.pid())
  const { records: received, firstAt, lastAt } = await redkey.crm.received(records, PATIENCE_MS)
  await redkey.drained(PATIENCE_MS)
  const cpuUs = ((cpuMs(redkey.pid()) - before) * 1000) / received
  return { rate: perSecond(received, lastAt - firstAt), cpuUs }
}

function rates(done: readonly CaughtUp[], limit: number): Run[] {
  return done.map(({ rate }) => ({ measured: rate, limit }))
}

function cpus(done: readonly CaughtUp[]): Run[] {
  return done.map(({ cpuUs }) => ({ measured: cpuUs, limit: CPU_US }))
}
