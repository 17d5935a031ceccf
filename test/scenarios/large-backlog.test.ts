import { expect, test } from 'vitest'
import { MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { until } from '../../src/sandbox/until.ts'
import { soon } from '../support/acts.ts'
import { leanCrm } from '../support/lean-crm.ts'
import { aLiveRedkey, type Live } from '../support/live.ts'
import { type MemoryWatch, watchMemory } from '../support/memory-of.ts'
import { fromEnvironment } from '../support/seeded.ts'
import { aTouchpoint } from '../support/world.ts'

/** Touchpoints that come in while the connection is red. `TEST_BACKLOG=1000000` is the long proof. */
const BACKLOG = fromEnvironment('TEST_BACKLOG', 20_000)
/** The outage before it, to which its memory is compared. */
const SMALL = Math.min(10_000, BACKLOG / 2)
const A_REQUEST = 1000
const IN_FLIGHT = 4
/** What a hundred times as many may cost more, in megabytes: the garbage of a busier time, and less than what they all weigh. */
const MORE_MB = 400

const LONG = `https://acme.example/${'x'.repeat(300)}`

interface Batch {
  readonly name: string
  readonly count: number
  /** The first of them are sent once more, changed, before anything is pushed. */
  readonly changed: number
}

function isRefused(id: string): boolean {
  return id.endsWith('999')
}

/** Several requests at once, as a busy website sends them. */
async function ingest(live: Live, { name, count, changed }: Batch): Promise<void> {
  const requests = [
    ...Array.from({ length: count / A_REQUEST }, (_, request) => ({
      from: request * A_REQUEST,
      to: (request + 1) * A_REQUEST,
      version: 1,
    })),
    { from: 0, to: changed, version: 2 },
  ]
  const send = async ({ from, to, version }: (typeof requests)[number]) => {
    const ids = Array.from({ length: to - from }, (_, place) => `${name}_${from + place}`)
    await live.deliver(ids.map((id) => aTouchpoint({ id, adContent: `version ${version}`, landingPage: LONG })))
  }
  const [last, first, ...others] = requests.toReversed()
  // What is changed was sent before.
  if (first) await send(first)
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (let next = others.pop(); next; next = others.pop()) await send(next)
    }),
  )
  if (last) await send(last)
}

/** An outage in which this comes in, the login after it, and its report. Answers what it took. */
async function outage(live: Live, memory: MemoryWatch | undefined, batch: Batch): Promise<Record<string, number>> {
  const reports = () => live.slack.timeline(MARKETING_OPS).filter(({ text }) => text.includes('catch-up report'))
  const before = reports().length
  live.acme.revokeGrant()
  const status = async () => (await live.api('/v1/connections/salesforce'))['status']
  await soon('the connection is red', async () => (await status()) === 'authorization_required', 30_000)
  memory?.peakMb()
  const begun = performance.now()
  await ingest(live, batch)
  const ingested = performance.now()
  const ingestMb = memory?.peakMb() ?? 0
  await live.reauthorize()
  const report = await until('the report', () => reports()[before], 60_000 + batch.count)
  const refused = batch.count / 1000
  const [all, pushed, superseded, rejected] = [batch.count + batch.changed, batch.count - refused, batch.changed, refused].map(
    (number) => number.toLocaleString('en-US'),
  )
  expect(report.text).toContain(
    `All ${all} missed touchpoints accounted for: ${pushed} pushed, ${superseded} superseded, ${rejected} rejected.`,
  )
  return {
    ingestSeconds: Math.round((ingested - begun) / 1000),
    catchUpSeconds: Math.round((performance.now() - ingested) / 1000),
    ingestMb,
    catchUpMb: memory?.peakMb() ?? 0,
  }
}

test(`a backlog of ${BACKLOG.toLocaleString('en-US')} is taken in, pushed and accounted for, in the memory that a small one takes`, {
  timeout: 120_000 + BACKLOG,
}, async () => {
  await using live = await aLiveRedkey({ LOG_LEVEL: 'error', REDKEY_BULK_FROM: 'off' })
  await using crm = await leanCrm(live.acme.instanceUrl, isRefused)
  Object.assign(live.acme, { instanceUrl: crm.url })
  await live.start()
  await live.connect()
  using memory = watchMemory(live.running().child.pid ?? 0)
  const small = { name: 'small', count: SMALL, changed: 100 }
  const large = { name: 'large', count: BACKLOG, changed: 1000 }
  const figures = [await outage(live, memory, small), await outage(live, memory, large)]
  process.stdout.write(`${JSON.stringify(figures)}\n`)

  const wanted = [small, large].flatMap(({ name, count, changed }) =>
    Array.from({ length: count }, (_, place) => ({ id: `${name}_${place}`, version: place < changed ? 2 : 1 })),
  )
  const missing = wanted.filter(({ id, version }) => crm.versions.get(id) !== (isRefused(id) ? undefined : version))
  expect(missing).toEqual([])
  expect(crm.versions.size).toBe(wanted.length - (SMALL + BACKLOG) / 1000)
  expect((await live.api('/v1/connections/salesforce'))['backlog']).toEqual({
    waiting: 0,
    pushed: crm.versions.size,
    superseded: 1100,
    rejected: (SMALL + BACKLOG) / 1000,
  })
  const [smallMb = 0, largeMb = 0] = figures.map(({ ingestMb = 0, catchUpMb = 0 }) => Math.max(ingestMb, catchUpMb))
  expect(largeMb).toBeLessThan(smallMb + MORE_MB)
})
