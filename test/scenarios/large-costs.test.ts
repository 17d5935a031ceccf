import { expect, test } from 'vitest'
import { DAY_MS } from '../../src/clock.ts'
import { decimalOf } from '../../src/domain/micros.ts'
import { connectAccount } from '../../src/sandbox/story.ts'
import { soon } from '../support/acts.ts'
import { leanGoogle, ROW_MICROS } from '../support/lean-google.ts'
import { aLiveRedkey } from '../support/live.ts'
import { watchMemory } from '../support/memory-of.ts'
import { fromEnvironment } from '../support/seeded.ts'

/** Rows of one account. `TEST_COST_ROWS=1000000` is the long proof. */
const ROWS = fromEnvironment('TEST_COST_ROWS', 60_000)
/** Of the account before it, to which its memory is compared. */
const SMALL = Math.min(10_000, ROWS / 2)
/**
 * What a hundred times as many may cost more, in megabytes. It is V8's: garbage fills the room that a thread has for it, 85 in all, of
 * which most come with the first 250,000; and the main thread, when enough was alive in between, is given as much room again, 55.
 */
const MORE_MB = 140

test(`${ROWS.toLocaleString('en-US')} rows of costs are downloaded, each counted once, and none is held`, {
  timeout: 60_000 + ROWS,
}, async () => {
  await using google = await leanGoogle()
  await using live = await aLiveRedkey({ REDKEY_CHECK_EVERY: '1h', GOOGLE_ADS_API_URL: google.url })
  const fake = live.sandbox.fakes.google
  google.target = fake.url
  await live.start()
  using memory = watchMemory(live.running().child.pid ?? 0)
  const figures: { readonly rows: number; readonly seconds: number; readonly mb: number }[] = []
  for (const [account, rows, name] of [
    ['Acme EU', SMALL, 'google-ads'],
    ['Acme US', ROWS, 'google-ads-2'],
  ] as const) {
    google.rows.set(fake.customer(account).id, rows)
    memory?.peakMb()
    const begun = performance.now()
    const choice = { provider: 'google-ads', org: 'Acme Inc', username: 'ana@acme.example', accounts: [account] }
    await connectAccount(live.slack, choice)
    // It says so itself: to be asked all the time would be work of its own.
    const isDone = async () => live.output().split('costs.downloaded').length - 1 > figures.length
    await soon('the costs are there', isDone, 60_000 + ROWS)
    figures.push({ rows, seconds: Math.round((performance.now() - begun) / 1000), mb: memory?.peakMb() ?? 0 })
    // In the account it may be tomorrow.
    const costs = await live.api(`/v1/connections/${name}/costs?from=${daysAgo(40)}&to=${daysAgo(-1)}`)
    expect(costs['total']).toBe(decimalOf(ROW_MICROS * BigInt(rows)))
  }
  process.stdout.write(`${JSON.stringify(figures)}\n`)
  const [few, many] = figures
  expect(many?.mb ?? 0).toBeLessThan((few?.mb ?? 0) + MORE_MB)
})

function daysAgo(days: number): string {
  return new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10)
}
