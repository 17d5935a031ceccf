import { expect, test } from 'vitest'
import { signIn } from '../../src/sandbox/providers/sign-in.ts'
import { ANA, BEN, CHLOE, GUEST, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { answerTo, backlogOf, connectUrl } from '../support/acts.ts'
import { aVisitor } from '../support/visitor.ts'
import { ACME, aTouchpoint, aWorld, TOUCHPOINT_OBJECT, touchpoints, UAT, type World } from '../support/world.ts'

const MEDIUM = 'bizible2__Medium__c'

/** Posts a body as it is; answers status and code. */
async function post(
  world: World,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<unknown[]> {
  const answer = await world.api('/v1/touchpoints', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
  return [answer.status, answer.body['code']]
}

function fieldOf(world: World, id: string): unknown {
  return world.acme.records(TOUCHPOINT_OBJECT).get(id)?.fields[MEDIUM]
}

test('what can not be taken in is refused by a stable code, and nothing of it is kept', async () => {
  await using world = await aWorld()
  const one = JSON.stringify([aTouchpoint({ id: 'one' })])
  expect(await post(world, one)).toEqual([409, 'no_crm_connection'])
  await world.connect()
  expect(await post(world, one, { authorization: '' })).toEqual([401, 'unauthorized'])
  expect(await post(world, one, { authorization: 'Bearer wrong' })).toEqual([401, 'unauthorized'])
  expect(await post(world, '[{"id":')).toEqual([400, 'malformed_body'])
  expect(await post(world, '')).toEqual([400, 'malformed_body'])
  expect(await post(world, 'null')).toEqual([400, 'malformed_body'])
  expect(await post(world, '{"touchpoints": 3}')).toEqual([400, 'malformed_body'])
  expect(await post(world, new Uint8Array([0x22, 0xff, 0x22]))).toEqual([400, 'malformed_body'])
  expect(await post(world, JSON.stringify(aTouchpoint()))).toEqual([400, 'unknown_field'])
  expect(await post(world, one, { 'content-type': 'text/csv' })).toEqual([415, 'unsupported_media_type'])
  expect(await post(world, 'no gzip', { 'content-encoding': 'gzip' })).toEqual([400, 'malformed_body'])
  expect(await post(world, `["${'x'.repeat(10_000_000)}"]`)).toEqual([413, 'body_too_large'])
  expect(await post(world, JSON.stringify(touchpoints(10_001)))).toEqual([413, 'too_many_records'])
  expect(await backlogOf(world)).toMatchObject({ waiting: 0, pushed: 0 })

  // Each record is judged on its own: the good ones between bad ones are taken.
  const bad: [Record<string, unknown> | string | null, string, RegExp][] = [
    [aTouchpoint({ id: 'k', utmSource: 'x' }), 'invalid_touchpoint', /utmSource/],
    [aTouchpoint({ id: 'd1', occurredAt: '2026-02-30T10:00:00Z' }), 'invalid_touchpoint', /occurredAt/],
    [aTouchpoint({ id: 'd2', occurredAt: '2026-11-20' }), 'invalid_touchpoint', /occurredAt/],
    [aTouchpoint({ id: 'd3', occurredAt: 1_790_000_000 }), 'invalid_touchpoint', /occurredAt/],
    [aTouchpoint({ id: 'd4', occurredAt: undefined }), 'invalid_touchpoint', /occurredAt/],
    [aTouchpoint({ id: '' }), 'invalid_touchpoint', /id/],
    [aTouchpoint({ id: 'x'.repeat(256) }), 'invalid_touchpoint', /id/],
    [aTouchpoint({ id: 'nul\u0000' }), 'invalid_touchpoint', /id/],
    [aTouchpoint({ id: 'half\ud83d' }), 'invalid_touchpoint', /id/],
    [aTouchpoint({ id: 'p', person: { email: 'a@b.example', phone: '1' } }), 'invalid_touchpoint', /phone/],
    [aTouchpoint({ id: 'c', connection: 'hubspot' }), 'unknown_connection', /salesforce/],
    [aTouchpoint({ id: 'f', custom: { Secret__c: 'x' } }), 'custom_field_not_mapped', /Secret__c/],
    ['just text', 'invalid_touchpoint', /./],
    [null, 'invalid_touchpoint', /./],
  ]
  const mixed = [aTouchpoint({ id: 'first' }), ...bad.map(([record]) => record), aTouchpoint({ id: 'last' })]
  const answer = await world.api('/v1/touchpoints', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(mixed),
  })
  expect(answer).toMatchObject({ status: 202, body: { accepted: 2, duplicates: 0 } })
  const rejected = answer.body['rejected'] as { index: number; code: string; message: string }[]
  expect(rejected.map(({ index, code }) => [index, code])).toEqual(bad.map(([, code], place) => [place + 1, code]))
  for (const [place, [, , words]] of bad.entries()) expect(rejected[place]?.message).toMatch(words)
  await world.beat()
  expect([...world.written().keys()].sort()).toEqual(['first', 'last'])
})

test('with two CRMs each touchpoint must say to which it goes', async () => {
  await using world = await aWorld()
  await world.connect()
  await world.connect(UAT)
  const answer = await world.send(
    aTouchpoint({ id: 'nowhere' }),
    aTouchpoint({ id: 'here', connection: 'salesforce' }),
    aTouchpoint({ id: 'there', connection: 'salesforce-2' }),
  )
  expect(answer.body).toMatchObject({ accepted: 2, rejected: [{ id: 'nowhere', code: 'connection_required' }] })
  await world.beat()
  expect([...world.written().keys()]).toEqual(['here'])
  expect([...world.sandbox.salesforce.org('Acme UAT').records(TOUCHPOINT_OBJECT).keys()]).toEqual(['there'])
})

test('a CRM that nobody has confirmed keeps its backlog until an admin presses Start pushing', async () => {
  await using world = await aWorld()
  expect((await aVisitor().login(await connectUrl(world, BEN), ACME, 'POST')).text).toContain('Nothing is pushed to it yet')
  await world.beat(2)
  await world.send(...touchpoints(5))
  await world.beat(310)
  expect(world.written().size).toBe(0)
  const [welcome] = world.slack.messages(MARKETING_OPS)
  if (!welcome) throw new Error('there is no welcome')
  const press = (userId: string) =>
    answerTo(world, userId, () => world.slack.click(userId, { channel: MARKETING_OPS, ts: welcome.ts }, 'confirm_connection'))
  expect(await press(BEN)).toMatch(/workspace admin/)
  expect(await press(GUEST)).toMatch(/Guests/)
  await world.beat(2)
  expect(world.written().size).toBe(0)
  expect(await backlogOf(world)).toMatchObject({ waiting: 5 })
  expect(await press(ANA)).toMatch(/begins now/)
  await world.beat(2)
  expect(world.written().size).toBe(5)
  expect(world.texts()[0]).toContain('Pushing touchpoints to it')
})

test('a repeat is a duplicate, a change that waits supersedes, a change after the push updates, and order per id is kept', async () => {
  await using world = await aWorld()
  await world.connect()
  const [a, b] = [aTouchpoint({ id: 'a', medium: 'cpc' }), aTouchpoint({ id: 'b', medium: 'cpc' })]
  expect((await world.send(a, b, a)).body).toMatchObject({ accepted: 2, duplicates: 1 })
  expect((await world.send({ ...b, medium: 'email' })).body).toMatchObject({ accepted: 1, duplicates: 0 })
  expect(await backlogOf(world)).toEqual({ waiting: 2, pushed: 0, superseded: 1, rejected: 0 })
  await world.beat()
  expect([fieldOf(world, 'a'), fieldOf(world, 'b')]).toEqual(['cpc', 'email'])
  expect((await world.send(a, { ...b, medium: 'email' })).body).toMatchObject({ accepted: 0, duplicates: 2 })
  expect((await world.send({ ...a, medium: 'social' })).body).toMatchObject({ accepted: 1 })
  await world.beat()
  expect(fieldOf(world, 'a')).toBe('social')
  expect(world.written()).toEqual(new Map([...Object.entries({ a: 2, b: 1 })]))

  // A changed version while the old one is on its way: the old one settles nothing, and the new one comes after it.
  await world.send(aTouchpoint({ id: 'c', medium: 'old' }))
  const release = world.acme.hold()
  const pushing = world.run('drain')
  await world.send(aTouchpoint({ id: 'c', medium: 'new' }))
  const again = world.run('drain')
  release()
  await Promise.all([pushing, again])
  expect(fieldOf(world, 'c')).toBe('old')
  expect((await world.api('/v1/touchpoints/c')).body).toMatchObject({ records: [{ state: 'waiting', superseded: 1 }] })
  await world.beat()
  expect(fieldOf(world, 'c')).toBe('new')
  // In one request the last version wins, whatever came before it.
  await world.send(...['1', '2', '3'].map((medium) => aTouchpoint({ id: 'd', medium })))
  await world.beat()
  expect(fieldOf(world, 'd')).toBe('3')
  expect(world.written().get('d')).toBe(1)
  expect(await backlogOf(world)).toMatchObject({ waiting: 0, rejected: 0 })
})

test('an admin who adds a CRM that somebody else has added before confirms it, and two who add it at once make one connection', async () => {
  await using world = await aWorld()
  const [ben, chloe, ana] = [aVisitor(), aVisitor(), aVisitor()]
  const logins = [
    await signIn(await ben.depart(await connectUrl(world, BEN), 'POST'), ACME),
    await signIn(await chloe.depart(await connectUrl(world, CHLOE), 'POST'), ACME),
  ]
  const ends = await Promise.all([ben.arrive(logins[0] ?? ''), chloe.arrive(logins[1] ?? '')])
  expect(ends.map(({ status }) => status)).toEqual([200, 200])
  await world.beat(2)
  expect((await world.api('/v1/connections')).body['connections']).toHaveLength(1)
  expect(world.texts()).toHaveLength(1)
  await world.send(...touchpoints(2))
  await world.beat(2)
  expect(world.written().size).toBe(0)
  await ana.login(await connectUrl(world, ANA), ACME, 'POST')
  await world.beat(2)
  expect(world.written().size).toBe(2)
  expect(world.texts()[0]).toContain('Pushing touchpoints to it')
})
