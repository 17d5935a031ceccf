import { bareSqlite, networkIn, perSecond } from './limits.ts'
import { type Line, line, type Run } from './line.ts'
import { bodiesOf } from './records.ts'
import { aBenchRedkey, type BenchRedkey } from './redkey.ts'
import { sendAll, touchpointsAt } from './send.ts'

const IN_FLIGHT = 4
/** One record a request and a transaction: what matters there is how many wait together. */
const SINGLES_IN_FLIGHT = 64

/** `POST /v1/touchpoints` while nothing is pushed; each 202 is durable. */
export async function ingest(runs: number): Promise<Line[]> {
  await using redkey = await aBenchRedkey()
  await redkey.start()
  await redkey.connect()
  await redkey.goRed()
  await store(redkey, 'warm', 20_000, 1000, IN_FLIGHT)
  const unit = 'records/s'
  return [
    line('ingest, 1000 a request', await against(redkey, runs, 200_000, 1000, IN_FLIGHT), {
      unit,
      goal: { atLeast: 0.5 },
      against: `bare better-sqlite3, 1000 a transaction; ${IN_FLIGHT} requests in flight`,
    }),
    line('ingest, 100 a request', await against(redkey, runs, 100_000, 100, IN_FLIGHT), {
      unit,
      goal: { atLeast: 0.4 },
      against: `bare better-sqlite3, 100 a transaction; ${IN_FLIGHT} requests in flight`,
    }),
    line('ingest, 1 a request', await against(redkey, runs, 10_000, 1, SINGLES_IN_FLIGHT), {
      unit,
      goal: null,
      against: `bare better-sqlite3, 1 a transaction; ${SINGLES_IN_FLIGHT} requests in flight`,
    }),
    line('the generator alone, 1000 a request', await generatorAlone(runs), {
      unit,
      goal: null,
      against: 'bare better-sqlite3, 1000 a transaction; a server that throws away: what the network gives',
    }),
  ]
}

async function against(redkey: BenchRedkey, runs: number, count: number, aRequest: number, inFlight: number): Promise<Run[]> {
  const done: Run[] = []
  for (let run = 0; run < runs; run++) {
    const limit = bareSqlite(payloadsOf(count), aRequest)
    done.push({ limit, measured: await store(redkey, `r${run}x${aRequest}`, count, aRequest, inFlight) })
  }
  return done
}

async function store(redkey: BenchRedkey, prefix: string, count: number, aRequest: number, inFlight: number): Promise<number> {
  const bodies = bodiesOf(prefix, count, aRequest)
  const start = performance.now()
  await sendAll(touchpointsAt(redkey), bodies, inFlight)
  return perSecond(count, performance.now() - start)
}

async function generatorAlone(runs: number): Promise<Run[]> {
  const done: Run[] = []
  const [count, aRequest] = [200_000, 1000]
  for (let run = 0; run < runs; run++) {
    const limit = bareSqlite(payloadsOf(count), aRequest)
    done.push({ limit, measured: await networkIn(bodiesOf('alone', count, aRequest), aRequest, IN_FLIGHT) })
  }
  return done
}

function payloadsOf(count: number): string[] {
  return bodiesOf('bare', count, 1).map((body) => body.toString('utf8', 1, body.length - 1))
}
