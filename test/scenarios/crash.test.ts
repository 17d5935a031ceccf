import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { until } from '../../src/sandbox/until.ts'
import { aLiveRedkey } from '../support/live.ts'
import { touchpoints } from '../support/world.ts'

/** `kill -9` at a moment nobody chose: somewhere within the next `withinMs`. */
async function crashSoon(live: Awaited<ReturnType<typeof aLiveRedkey>>, withinMs: number): Promise<void> {
  await sleep(Math.random() * withinMs)
  await live.crash()
}

test('kill -9 during ingest, outage and catch-up loses nothing, doubles nothing, and the report is exact', {
  timeout: 120_000,
}, async () => {
  // With the optional history scope a post whose answer was lost is found again, also at the very moment it is made.
  await using live = await aLiveRedkey({}, { scopes: ['chat:write', 'commands', 'users:read', 'channels:history'] })
  await live.start()
  await live.connect()
  const before = touchpoints(600, 'before')
  const ingest = (async () => {
    for (let from = 0; from < before.length; from += 50) await live.deliver(before.slice(from, from + 50))
  })()
  await crashSoon(live, 300)
  await crashSoon(live, 300)
  await ingest
  await until('600 records at Acme', () => live.written().size === 600, 30_000)

  live.acme.revokeGrant()
  const during = touchpoints(1500, 'during')
  const waiting = (async () => {
    for (let from = 0; from < during.length; from += 100) await live.deliver(during.slice(from, from + 100))
  })()
  await crashSoon(live, 1500)
  await waiting
  await live.reauthorizeLink()
  await live.crash()
  expect(live.written().size).toBe(600)

  live.acme.switches.latencyMs = 150
  await live.reauthorize()
  await crashSoon(live, 600)
  await crashSoon(live, 600)
  const report = await live.slack.eventually(
    () => live.slack.timeline(MARKETING_OPS).find((message) => message.threadTs && /1,500 missed touchpoints/.test(message.text)),
    60_000,
  )
  expect(report.text).toMatch(/1,500 pushed.*0 superseded.*0 rejected/)
  expect(live.written()).toEqual(new Set([...before, ...during].map(({ id }) => id)))
  const cards = live.slack
    .messages(MARKETING_OPS)
    .filter((message) => message.versions.some((version) => version.text.includes('needs authorization')))
  expect(cards).toHaveLength(1)
  expect((await live.api('/v1/connections/salesforce'))['backlog']).toMatchObject({
    waiting: 0,
    pushed: 2100,
    superseded: 0,
    rejected: 0,
  })
})
