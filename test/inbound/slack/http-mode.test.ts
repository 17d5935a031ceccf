import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { redCard } from '../../../src/messages/red-card.ts'
import { ANA, BEN, MARKETING_OPS } from '../../../src/sandbox/slack/people.ts'
import type { SlackWorkspace } from '../../../src/sandbox/slack/workspace.ts'
import { aCard, anOutage, LOOK } from '../../messages/a-card.ts'
import { aClient, aWorkspace, SIGNING_SECRET } from '../../sandbox/slack/a-workspace.ts'
import { anApp, nextAnswer, type Running } from './an-app.ts'

let slack: SlackWorkspace
let running: Running
let server: Server
let url: string

beforeEach(async () => {
  server = createServer((request, response) => running.app.requestListener?.(request, response))
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`
  slack = await aWorkspace({ delivery: { mode: 'http', eventsUrl: url } })
  running = anApp(() => slack, {}, { transport: { mode: 'http', signingSecret: SIGNING_SECRET } })
  await running.app.start()
})
afterEach(async () => {
  await running.app.stop()
  await slack.close()
  server.closeAllConnections()
  await new Promise((closed) => server.close(closed))
})

const COMMAND = new URLSearchParams({
  command: '/connections',
  text: 'help',
  team_id: 'T0ACME',
  user_id: ANA,
  channel_id: MARKETING_OPS,
  trigger_id: '1.1.a',
  is_enterprise_install: 'false',
}).toString()

const FORM = 'application/x-www-form-urlencoded'

/** Posts as Slack does, signed; `over` changes what is to be wrong. */
function post(
  body: string,
  over: { type?: string; ageSeconds?: number; signature?: string; path?: string; method?: string } = {},
) {
  const timestamp = String(Math.floor(Date.now() / 1000) - (over.ageSeconds ?? 0))
  const signature = `v0=${createHmac('sha256', SIGNING_SECRET).update(`v0:${timestamp}:${body}`).digest('hex')}`
  const method = over.method ?? 'POST'
  return fetch(new URL(over.path ?? '/slack/events', url), {
    method,
    headers: {
      'content-type': over.type ?? FORM,
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': over.signature ?? signature,
    },
    ...(method === 'POST' ? { body } : {}),
  })
}

test('answers commands, clicks and the Home tab', async () => {
  expect(running.app.connected()).toBe(true)
  expect((await nextAnswer(slack, () => slack.command(ANA, MARKETING_OPS, 'help'))).text).toContain('What I can do')
  const card = redCard(aCard(), anOutage(), LOOK)
  const { ts = '' } = await aClient(slack).chat.postMessage({ channel: MARKETING_OPS, text: card.text, blocks: [...card.blocks] })
  const click = () => slack.click(BEN, { channel: MARKETING_OPS, ts }, 'details')
  expect((await nextAnswer(slack, click, BEN)).text).toContain('Authorization Required')
  expect(await slack.openHome(BEN)).toMatchObject({ acked: true })
  await slack.eventually(() => slack.home(BEN))
})

describe('a request', () => {
  test('that is signed is taken, also with a charset in its type', async () => {
    expect((await post(COMMAND)).status).toBe(200)
    expect((await post(COMMAND.replace('1.1.a', '1.1.b'), { type: `${FORM}; charset=utf-8` })).status).toBe(200)
    await expect.poll(() => running.asked.length).toBe(2)
  })

  test.each([
    ['with a wrong signature', { signature: 'v0=00' }],
    ['with an unknown kind of signature', { signature: 'v1=00' }],
    ['with an empty signature', { signature: '' }],
    ['that is six minutes old', { ageSeconds: 360 }],
    ['that comes from six minutes in the future', { ageSeconds: -360 }],
  ])('%s is refused', async (_what, over) => {
    expect((await post(COMMAND, over)).status).toBe(401)
    expect(running.asked).toEqual([])
  })

  test('without any signature is refused', async () => {
    expect((await fetch(url, { method: 'POST', body: COMMAND, headers: { 'content-type': FORM } })).status).toBe(401)
  })

  test('that is too large is refused before it is read, and when it hides its length', async () => {
    const large = 'x'.repeat(1024 * 1024 + 1)
    expect((await post(large)).status).toBe(413)
    const stream = new Blob([large]).stream()
    const timestamp = String(Math.floor(Date.now() / 1000))
    const hidden = fetch(url, {
      method: 'POST',
      headers: { 'content-type': FORM, 'x-slack-request-timestamp': timestamp, 'x-slack-signature': 'v0=00' },
      body: stream,
      duplex: 'half',
    })
    expect((await hidden).status).toBe(413)
  })

  test.each([
    ['to another path', { path: '/slack/other' }, 404],
    ['that only reads', { method: 'GET' }, 405],
  ])('%s is told so', async (_what, over, status) => {
    expect((await post(COMMAND, over)).status).toBe(status)
  })

  test('that is no JSON and no form is refused', async () => {
    expect((await post('{"type":', { type: 'application/json' })).status).toBe(400)
  })

  test.each(['null', '0', '""', 'false'])('that is signed but only %s is refused', async (body) => {
    expect((await post(body, { type: 'application/json' })).status).toBe(400)
    expect((await post(`payload=${encodeURIComponent(body)}`)).status).toBe(400)
  })

  test('that is signed but makes no sense does no harm', async () => {
    // Bolt leaves such a request open for three seconds, which nobody here waits for.
    for (const body of ['{}', '[]', '{"type":"event_callback"}', '{"type":"block_actions","actions":[]}']) {
      post(body, { type: 'application/json' }).catch(() => undefined)
    }
    expect((await nextAnswer(slack, () => slack.command(ANA, MARKETING_OPS, 'help'))).text).toContain('What I can do')
  })
})

test('Slack’s check of the certificate is answered, although it is not signed', async () => {
  const check = (body: string) => fetch(url, { method: 'POST', body, headers: { 'content-type': FORM } })
  expect((await check('ssl_check=1&token=x')).status).toBe(200)
  expect((await check(COMMAND)).status).toBe(401)
})

test('Slack’s check of the address is answered', async () => {
  const answer = await post(JSON.stringify({ type: 'url_verification', challenge: 'abc' }), { type: 'application/json' })
  expect(await answer.json()).toEqual({ challenge: 'abc' })
})

test('a replayed command is acked and does nothing', async () => {
  expect((await post(COMMAND)).status).toBe(200)
  await expect.poll(() => running.asked.length).toBe(1)
  expect((await post(COMMAND)).status).toBe(200)
  await running.app.stop()
  expect(running.asked).toHaveLength(1)
  expect(running.log.lines.map(({ event }) => event)).toContain('slack.repeat_dropped')
})

test('different commands are answered, though their trigger is the same', async () => {
  const ofBen = COMMAND.replace(ANA, BEN)
  const again = `${COMMAND}&response_url=${encodeURIComponent(`${slack.url}/commands/2`)}`
  for (const body of [COMMAND, COMMAND.replace('text=help', 'text=list'), ofBen, again]) {
    expect((await post(body)).status).toBe(200)
  }
  await expect.poll(() => running.asked.filter(([name]) => name === 'person')).toHaveLength(4)
})

test('a command without any text is the bare one', async () => {
  expect((await post(COMMAND.replace('text=help&', ''))).status).toBe(200)
  await expect.poll(() => running.asked.map(([name]) => name)).toContain('listConnections')
})

test('an event that Slack repeats is taken once', async () => {
  const event = JSON.stringify({
    type: 'event_callback',
    team_id: 'T0ACME',
    event_id: 'Ev1',
    event: { type: 'app_home_opened', user: BEN, channel: 'D1', tab: 'home', event_ts: '1.1' },
  })
  for (let i = 0; i < 3; i++) expect((await post(event, { type: 'application/json' })).status).toBe(200)
  await expect.poll(() => slack.calls.filter(({ method }) => method === 'views.publish').length).toBe(1)
  await running.app.stop()
  expect(running.asked.filter(([name]) => name === 'listConnections')).toHaveLength(1)
})
