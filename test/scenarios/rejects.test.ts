import { expect, test } from 'vitest'
import { HOUR_MS } from '../../src/clock.ts'
import { BEN, GUEST, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { answerTo, backlogOf, goRed, reports, windowTo } from '../support/acts.ts'
import { aWorld, touchpoints, type World } from '../support/world.ts'

const REQUIRED = { code: 'REQUIRED_FIELD_MISSING', message: 'Required fields are missing: [Name]', fields: ['Name'] } as const
const RULE = { code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: '=No "medium", no touchpoint', fields: [] } as const

/** An outage with that many touchpoints, of which Salesforce refuses every tenth afterwards. */
async function afterAnOutage(world: World, count: number): Promise<{ channel: string; ts: string }> {
  await world.connect()
  await goRed(world)
  await world.send(...touchpoints(count))
  world.acme.rejectRecords({ every: 10, ...REQUIRED })
  await world.reauthorize()
  await world.beat(6)
  const report = world.slack.timeline(MARKETING_OPS).findLast(({ text }) => text.includes('catch-up report'))
  if (!report) throw new Error('there is no report')
  return { channel: MARKETING_OPS, ts: report.ts }
}

const rejects = async (world: World) =>
  (await world.api('/v1/connections/salesforce/rejects')).body['rejects'] as { id: string }[]

async function csvLink(world: World, userId = BEN): Promise<string> {
  const before = world.slack.ephemerals(userId).length
  await world.slack.command(userId, MARKETING_OPS, 'rejects salesforce')
  return world.slack.eventually(() => {
    const answer = JSON.stringify(world.slack.ephemerals(userId)[before]?.blocks ?? '')
    return /http[^"]+\/rejects\/[\w.-]+/.exec(answer)?.[0]
  })
}

test('what Salesforce refused is reported by reason; mended and retried from Slack, all of it arrives and the accounts agree', async () => {
  await using world = await aWorld()
  const report = await afterAnOutage(world, 200)
  expect(reports(world)[0]).toContain('All 200 missed touchpoints accounted for: 180 pushed, 0 superseded, 20 rejected')
  const shown = JSON.stringify(world.slack.timeline(MARKETING_OPS).find(({ ts }) => ts === report.ts)?.blocks)
  expect(shown).toContain('• 20 × Required fields are missing: [Name] (field `Name`, `REQUIRED_FIELD_MISSING`)')
  expect(shown).not.toContain('/rejects/')
  expect(await rejects(world)).toHaveLength(20)

  // Nothing is mended yet: they come back.
  const retried = await windowTo(world, BEN, () => world.slack.click(BEN, report, 'retry_rejects'))
  expect(retried).toContain('20 touchpoints wait again')
  expect(await backlogOf(world)).toEqual({ waiting: 20, pushed: 180, superseded: 0, rejected: 0 })
  await world.beat(2)
  expect(await backlogOf(world)).toEqual({ waiting: 0, pushed: 180, superseded: 0, rejected: 20 })

  world.acme.rejectRecords(null)
  await windowTo(world, BEN, () => world.slack.click(BEN, report, 'retry_rejects'))
  await world.beat(2)
  expect([...world.written()].sort()).toEqual(
    touchpoints(200)
      .map(({ id }) => [id, 1])
      .sort(),
  )
  expect(await backlogOf(world)).toEqual({ waiting: 0, pushed: 200, superseded: 0, rejected: 0 })
  expect(await rejects(world)).toEqual([])
  const list = await answerTo(world, BEN, () => world.slack.command(BEN, MARKETING_OPS, 'rejects salesforce'))
  expect(list).toContain('has refused nothing that is not settled')
  const again = await windowTo(world, BEN, () => world.slack.click(BEN, report, 'retry_rejects'))
  expect(again).toContain('Nothing is rejected for that reason any more')

  // What was reported stays as it was, and the history says who did it.
  expect(reports(world)).toHaveLength(1)
  const connection = await world.store.connections.byName(world.slack.identity.teamId, 'salesforce')
  const history = await world.store.history.of(connection?.id ?? '', 2)
  expect(history).toMatchObject([
    { action: 'rejects_retried', actor: BEN, detail: '20 × REQUIRED_FIELD_MISSING' },
    { action: 'rejects_retried', actor: BEN, detail: '20 × REQUIRED_FIELD_MISSING' },
  ])
})

test('one reason is retried without the other, and the file tells all of them safely', async () => {
  await using world = await aWorld()
  await world.connect()
  world.acme.rejectRecords({ matches: (id) => id.startsWith('a'), ...REQUIRED })
  await world.send(...touchpoints(3, 'a'))
  await world.beat(2)
  world.acme.rejectRecords({ matches: (id) => id.startsWith('b'), ...RULE })
  await world.send(...touchpoints(2, 'b'))
  await world.beat(2)

  const file = await fetch(await csvLink(world))
  expect(file.headers.get('content-disposition')).toBe('attachment; filename="salesforce-rejects.csv"')
  expect(file.headers.get('cache-control')).toBe('no-store')
  const lines = (await file.text()).split('\r\n')
  expect(lines).toHaveLength(7)
  expect(lines[1]).toContain('a_0,REQUIRED_FIELD_MISSING,Required fields are missing: [Name],Name,')
  expect(lines[4]).toContain(`b_0,FIELD_CUSTOM_VALIDATION_EXCEPTION,"'=No ""medium"", no touchpoint",,`)

  const list = world.slack.ephemerals(BEN).at(-1)
  const second = JSON.stringify(list?.blocks)
    .match(/"value":"([^"]+ [^"]+)"/g)?.[1]
    ?.slice(9, -1)
  await answerTo(world, BEN, () =>
    world.slack.click(BEN, { channel: MARKETING_OPS, ts: list?.ts ?? '' }, 'retry_rejects', { value: second ?? '' }),
  )
  world.acme.rejectRecords(null)
  await world.beat(2)
  expect([...world.written().keys()].sort()).toEqual(['b_0', 'b_1'])
  expect((await rejects(world)).map(({ id }) => id)).toEqual(['a_0', 'a_1', 'a_2'])
})

test('a link to the file ends after an hour, and a guest gets none', async () => {
  await using world = await aWorld()
  const report = await afterAnOutage(world, 10)
  const url = await csvLink(world)
  expect((await fetch(url)).status).toBe(200)
  world.turn(HOUR_MS)
  const late = await fetch(url)
  expect([late.status, late.headers.get('content-type')]).toEqual([410, 'text/html; charset=utf-8'])

  for (const actionId of ['download_rejects', 'retry_rejects'])
    expect(await windowTo(world, GUEST, () => world.slack.click(GUEST, report, actionId))).toContain('Guests can’t use Redkey')
  const asked = () => world.slack.command(GUEST, MARKETING_OPS, 'rejects salesforce')
  expect(await answerTo(world, GUEST, asked)).toContain('Guests can’t use Redkey')
  expect(JSON.stringify(world.slack.ephemerals(GUEST))).not.toContain('/rejects/')
  expect(await rejects(world)).toHaveLength(1)
})

test('programs retry and dismiss by the API; a dismissed one is kept as such and never comes back by itself', async () => {
  await using world = await aWorld()
  await afterAnOutage(world, 30)
  const post = (path: string, body?: object) =>
    world.api(`/v1/connections/salesforce/rejects/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
  expect(await post('retry', { code: 'OTHER' })).toEqual({ status: 202, body: { retried: 0 } })
  const [first] = await rejects(world)
  expect(await post('dismiss', { code: REQUIRED.code })).toEqual({ status: 200, body: { dismissed: 3 } })
  expect(await post('retry')).toEqual({ status: 202, body: { retried: 0 } })
  expect(await backlogOf(world)).toEqual({ waiting: 0, pushed: 27, superseded: 0, rejected: 0 })
  expect((await world.api(`/v1/touchpoints/${first?.id}`)).body).toMatchObject({
    records: [{ state: 'dismissed', code: REQUIRED.code }],
  })

  // Sent again as it was it is known; changed it is a new version.
  world.acme.rejectRecords(null)
  expect((await world.send(...touchpoints(30))).body).toMatchObject({ accepted: 0, duplicates: 30 })
  expect((await world.send({ id: first?.id, occurredAt: '2026-11-20T10:00:00Z', medium: 'email' })).body).toMatchObject({
    accepted: 1,
  })
  await world.beat(2)
  expect(world.written().get(first?.id ?? '')).toBe(1)
})
