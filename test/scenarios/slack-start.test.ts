import { expect, test } from 'vitest'
import { ANA, BEN, CHLOE, GUEST, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { answerTo, cardsSaying, goRed, reports, STACK, soon, statusOf } from '../support/acts.ts'
import { aWorld, touchpoints, type World } from '../support/world.ts'

/** Posts a message as the app itself, as an older version of it may have done. */
async function postAsApp(world: World, blocks: object[]): Promise<string> {
  const response = await fetch(`${world.slack.apiUrl}chat.postMessage`, {
    method: 'POST',
    headers: { authorization: `Bearer ${world.sandbox.env['SLACK_BOT_TOKEN']}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel: MARKETING_OPS, text: 'old', blocks }),
  })
  return ((await response.json()) as { ts: string }).ts
}

const oldButton = (actionId: string, value: string) => [
  { type: 'actions', elements: [{ type: 'button', action_id: actionId, value, text: { type: 'plain_text', text: 'Old' } }] },
]

test('Slack down at the start: the API says so, nothing breaks, and it comes up by itself', async () => {
  await using world = await aWorld({
    prepare: ({ slack }) => {
      slack.faults.httpError({ method: 'auth.test', times: 3 })
      slack.faults.refuseConnections('http_500')
    },
  })
  expect(await world.send(...touchpoints(1))).toMatchObject({ status: 503, body: { code: 'not_ready' } })
  expect((await fetch(`${world.config.url}/readyz`)).status).toBe(503)
  expect((await fetch(`${world.config.url}/healthz`)).status).toBe(200)
  await world.run('workspace')
  expect((await world.send(...touchpoints(1))).status).toBe(503)
  world.slack.faults.clear()
  await world.run('workspace')
  await soon('the link to Slack', async () => world.slack.links() > 0, 15_000)
  await soon('readiness', async () => (await fetch(`${world.config.url}/readyz`)).status === 200)
  await world.connect()
  expect((await world.send(...touchpoints(1))).status).toBe(202)
})

test('buttons however old or strange are answered with words', async () => {
  await using world = await aWorld()
  await world.connect()
  await goRed(world)
  const [card] = cardsSaying(world, /needs authorization/)
  const press = (ts: string, actionId: string, userId: string) =>
    answerTo(world, userId, () => world.slack.click(userId, { channel: MARKETING_OPS, ts }, actionId))
  expect(await press(card?.ts ?? '', 'details', BEN)).toContain('Authorization Required')
  expect(await press(card?.ts ?? '', 'reauthorize', GUEST)).toContain('Guests')
  expect(await press(await postAsApp(world, oldButton('snooze_v0', 'x')), 'snooze_v0', BEN)).toContain('nothing left to do')
  expect(await press(await postAsApp(world, oldButton('details', 'nobody')), 'details', BEN)).toContain('nothing left to do')
  const gone = await postAsApp(world, oldButton('confirm_connection', 'nobody'))
  expect(await press(gone, 'confirm_connection', ANA)).toContain('does not exist any more')
  const strange = await postAsApp(world, oldButton('reauthorize', `no-outage ${'x'.repeat(200)}`))
  expect(await press(strange, 'reauthorize', CHLOE)).toMatch(/no connection/i)
  for (const text of world.slack.ephemerals(CHLOE).map(({ text }) => text)) expect(text).not.toMatch(STACK)

  // The card of an outage that ended: its message from before is pressed again.
  await world.reauthorize()
  await world.beat(5)
  const old = await postAsApp(world, [...(card?.blocks ?? [])])
  const { opened } = await world.slack.click(BEN, { channel: MARKETING_OPS, ts: old }, 'reauthorize')
  const page = await fetch(opened ?? '', { redirect: 'manual' })
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('Already authorized')
  expect(await statusOf(world)).toBe('connected')
})

test('a member whom Slack can not name just now gets no link, and is told to try again', async () => {
  await using world = await aWorld()
  await world.connect()
  world.slack.faults.httpError({ method: 'users.info', times: 5 })
  const answer = await answerTo(world, CHLOE, () => world.slack.command(CHLOE, MARKETING_OPS, 'add salesforce'))
  expect(answer).toContain('try again in a minute')
  world.slack.faults.clear()
  world.turn(60_000)
  expect(await answerTo(world, CHLOE, () => world.slack.command(CHLOE, MARKETING_OPS, 'add salesforce'))).toContain('Salesforce')
})

test('in HTTP mode everything works the same, and a request that Slack did not sign is refused', async () => {
  await using world = await aWorld({ delivery: 'http' })
  await world.connect()
  const forged = await fetch(`${world.config.url}/slack/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': String(Math.floor(world.clock.now().getTime() / 1000)),
      'x-slack-signature': `v0=${'0'.repeat(64)}`,
    },
    body: new URLSearchParams({ command: '/connections', text: 'list', user_id: ANA, team_id: 'T0ACME' }),
  })
  expect(forged.status).toBe(401)
  await goRed(world)
  await world.send(...touchpoints(4))
  expect(await answerTo(world, BEN, () => world.slack.command(BEN, MARKETING_OPS, 'list'))).toContain('Authorization Required')
  const [card] = cardsSaying(world, /needs authorization/)
  const details = await answerTo(world, BEN, () =>
    world.slack.click(BEN, { channel: MARKETING_OPS, ts: card?.ts ?? '' }, 'details'),
  )
  expect(details).toContain('Authorization Required')
  expect((await world.slack.openHome(BEN)).acked).toBe(true)
  await soon('the Home tab', async () => JSON.stringify(world.slack.home(BEN) ?? '').includes('Authorization Required'))
  await world.reauthorize()
  await world.beat(5)
  expect(reports(world)[0]).toContain('All 4 missed touchpoints accounted for: 4 pushed')
})
