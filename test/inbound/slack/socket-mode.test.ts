import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { type Clock, systemClock } from '../../../src/clock.ts'
import { ANA, BEN, MARKETING_OPS } from '../../../src/sandbox/slack/people.ts'
import type { SlackWorkspace } from '../../../src/sandbox/slack/workspace.ts'
import { APP_TOKEN, aClock, aWorkspace } from '../../sandbox/slack/a-workspace.ts'
import { anApp, aRunningApp, nextAnswer, type Running } from './an-app.ts'

let slack: SlackWorkspace
let running: Running

beforeEach(async () => {
  slack = await aWorkspace()
})
afterEach(async () => {
  await running.app.stop()
  await slack.close()
})

const bothUp = () => slack.eventually(() => slack.links() === 2)
const asksForHelp = () => nextAnswer(slack, () => slack.command(ANA, MARKETING_OPS, 'help'))
const greetings = () => running.log.lines.filter(({ event }) => event === 'slack.link_up').length
const failures = () => running.log.lines.filter(({ event }) => event === 'slack.link_failed').map(({ fields }) => fields.reason)

test('keeps two links and knows whether it is connected', async () => {
  running = anApp(() => slack)
  expect(running.app.connected()).toBe(false)
  await running.app.start()
  await bothUp()
  await expect.poll(() => running.app.connected()).toBe(true)
  await running.app.stop()
  expect(running.app.connected()).toBe(false)
  await slack.eventually(() => slack.links() === 0)
})

test('comes back by itself when the links are cut', async () => {
  running = await aRunningApp(slack)
  for (let round = 0; round < 3; round++) {
    slack.dropSockets()
    await slack.eventually(() => slack.links() === 0)
    await bothUp()
  }
  expect((await asksForHelp()).text).toContain('What I can do')
})

test.each(['refresh_requested', 'warning', 'link_disabled'] as const)(
  'a %s envelope for one link leaves no gap',
  async (reason) => {
    running = await aRunningApp(slack)
    const opened = () => slack.calls.filter(({ method }) => method === 'apps.connections.open').length
    slack.disconnect(reason, 'oldest')
    for (let i = 0; i < 5; i++) expect((await asksForHelp()).text).toContain('What I can do')
    await slack.eventually(() => opened() === 3 && slack.links() === 2)
  },
)

test('comes back when Slack sends all links away at once', async () => {
  running = await aRunningApp(slack)
  slack.disconnect('refresh_requested')
  await expect.poll(greetings).toBe(4)
  await bothUp()
  expect((await asksForHelp()).text).toContain('What I can do')
})

test('starts although Slack is down, and is there when Slack is', async () => {
  const { port } = new URL(slack.url)
  await slack.close()
  running = anApp(() => slack)
  await running.app.start()
  await expect.poll(failures).toContain('WebAPIRequestError')
  expect(running.app.connected()).toBe(false)
  slack = await aWorkspace({ port: Number(port) })
  await bothUp()
  expect((await asksForHelp()).text).toContain('What I can do')
})

test.each([
  ['invalid_auth', 'invalid_auth'],
  ['http_500', 'http_500'],
] as const)('survives a time of %s, and says so in the log without the token', async (fault, reason) => {
  running = await aRunningApp(slack)
  slack.faults.refuseConnections(fault)
  slack.dropSockets()
  await expect.poll(failures).toContain(reason)
  expect(running.app.connected()).toBe(false)
  slack.faults.refuseConnections(null)
  await bothUp()
  expect((await asksForHelp()).text).toContain('What I can do')
  expect(JSON.stringify(running.log.lines)).not.toContain(APP_TOKEN)
})

test('waits as long as Slack says before it asks for another link', async () => {
  slack.faults.rateLimit({ method: 'apps.connections.open', times: 2, retryAfterSeconds: 30 })
  running = anApp(() => slack)
  await running.app.start()
  const waits = () => running.log.lines.filter(({ event }) => event === 'slack.link_failed').map(({ fields }) => fields.waitMs)
  await expect.poll(waits).toEqual([30_000, 30_000])
})

test('gives up a link that never says hello', async () => {
  const mute = await aHandMadeSlack({ saysHello: false })
  running = anAppOn(mute)
  await running.app.start()
  await expect.poll(failures).toContain('no_hello')
  mute.sayHello()
  await expect.poll(() => running.app.connected()).toBe(true)
  await running.app.stop()
  await expect.poll(() => mute.open()).toBe(0)
  await mute.close()
})

test.each([
  ['an event without its wrapping', '{"envelope_id":"e0","type":"events_api","payload":{"type":"app_home_opened","user":"U1"}}'],
  ['an event without a payload', '{"envelope_id":"e0","type":"events_api"}'],
  ['null', 'null'],
  ['what is no JSON', 'ping from applink-1'],
])('takes no harm from %s, and the link goes on', async (_what, text) => {
  const odd = await aHandMadeSlack({ saysHello: true })
  running = anAppOn(odd)
  await running.app.start()
  await expect.poll(greetings).toBe(2)
  for (const link of odd.links()) {
    link.send(text)
    link.send(anEnvelope('e1'))
  }
  await expect.poll(() => odd.acked).toEqual(['e1', 'e1'])
  expect(running.log.lines.filter(({ event }) => event === 'slack.message_unreadable')).toHaveLength(2)
  expect(odd.asked()).toBe(2)
  await running.app.stop()
  await odd.close()
})

test('an old link serves until its replacement has said hello, and is closed then', async () => {
  const other = await aHandMadeSlack({ saysHello: true })
  running = anAppOn(other)
  await running.app.start()
  await expect.poll(greetings).toBe(2)
  const old = other.links()
  other.sayHello(false)
  for (const link of old) {
    link.send(DISCONNECT)
    link.send(anEnvelope('behind'))
  }
  await expect.poll(() => other.acked).toEqual(['behind', 'behind'])
  await expect.poll(failures).toContain('no_hello')
  expect(running.app.connected()).toBe(true)
  for (const link of old) link.send(anEnvelope('later'))
  await expect.poll(() => other.acked.filter((id) => id === 'later')).toHaveLength(2)
  other.sayHello()
  await expect.poll(() => old.every((link) => link.readyState === link.CLOSED)).toBe(true)
  expect(running.app.connected()).toBe(true)
  await running.app.stop()
  await other.close()
})

test('gives up at once a link that is sent away instead of greeted', async () => {
  const full = await aHandMadeSlack({ saysHello: false })
  running = anAppOn(full, { helloTimeoutMs: 10_000 })
  await running.app.start()
  await expect.poll(() => full.open()).toBe(2)
  full.sayHello()
  for (const link of full.links()) link.send(DISCONNECT)
  await expect.poll(failures).toEqual(['sent_away', 'sent_away'])
  await expect.poll(() => running.app.connected()).toBe(true)
  await running.app.stop()
  await full.close()
})

test('an old link does not wait for ever for its replacement', async () => {
  const other = await aHandMadeSlack({ saysHello: true })
  running = anAppOn(other, { replaceWithinMs: 50 })
  await running.app.start()
  await expect.poll(greetings).toBe(2)
  const old = other.links()
  other.sayHello(false)
  for (const link of old) link.send(DISCONNECT)
  await expect.poll(() => old.every((link) => link.readyState === link.CLOSED)).toBe(true)
  expect(running.app.connected()).toBe(false)
  await running.app.stop()
  await other.close()
})

test('waits longer and longer when each link is closed right after its hello', async () => {
  const curt = await aHandMadeSlack({ saysHello: true, closesAtOnce: true })
  running = anAppOn(curt)
  await running.app.start()
  const counted = () =>
    running.log.lines.filter(({ event }) => event === 'slack.link_failed').map(({ fields }) => fields.failures)
  await expect.poll(counted).toContain(4)
  expect(new Set(failures())).toEqual(new Set(['closed_early']))
  for (const count of [1, 2, 3]) expect(counted().filter((failures) => failures === count).length).toBeLessThanOrEqual(2)
  expect(curt.asked()).toBeLessThanOrEqual(counted().length + 2)
  await running.app.stop()
  await curt.close()
})

test('comes back at once when the link has served for a while', async () => {
  const clock = aClock()
  const other = await aHandMadeSlack({ saysHello: true })
  running = anAppOn(other, { clock })
  await running.app.start()
  await expect.poll(greetings).toBe(2)
  clock.turn(10_000)
  for (const link of other.links()) link.close()
  await expect.poll(greetings).toBe(4)
  expect(failures()).toEqual([])
  await running.app.stop()
  await other.close()
})

test('stops while it is still trying, and leaves no link behind', async () => {
  slack.faults.refuseConnections('invalid_auth')
  running = anApp(() => slack)
  await running.app.start()
  await expect.poll(failures).toContain('invalid_auth')
  slack.faults.refuseConnections(null)
  await running.app.stop()
  const asked = slack.calls.length
  await slack.eventually(() => slack.links() === 0)
  expect((await slack.command(ANA, MARKETING_OPS, 'help')).error).toBe('dispatch_failed')
  expect(slack.calls.length).toBe(asked)
})

test('a stop waits for the listener that is running', async () => {
  const slow = Promise.withResolvers<[]>()
  running = await aRunningApp(slack, { listConnections: () => slow.promise })
  await slack.command(BEN, MARKETING_OPS, '')
  let isStopped = false
  const stopped = running.app.stop().then(() => {
    isStopped = true
  })
  expect(await slack.command(ANA, MARKETING_OPS, 'help')).toMatchObject({ acked: true })
  expect(isStopped).toBe(false)
  slow.resolve([])
  await stopped
  expect(slack.ephemerals(BEN)[0]?.text).toContain('No connections yet')
})

/** Slack's side by hand: opens links, says hello to them or not, and sends them whatever is wanted. */
async function aHandMadeSlack(options: { readonly saysHello: boolean; readonly closesAtOnce?: boolean }) {
  let saysHello = options.saysHello
  let asked = 0
  const acked: string[] = []
  const sockets = new WebSocketServer({ noServer: true })
  const server = createServer((_request, response) => {
    const { port } = server.address() as AddressInfo
    asked += 1
    response.end(JSON.stringify({ ok: true, url: `ws://127.0.0.1:${port}/link` }))
  })
  server.on('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (link) => {
      sockets.emit('connection', link, request)
      link.on('message', (data) => acked.push(JSON.parse(String(data)).envelope_id))
      if (saysHello) link.send(JSON.stringify({ type: 'hello' }))
      if (options.closesAtOnce) link.close()
    }),
  )
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return {
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    acked,
    asked: () => asked,
    sayHello(says = true) {
      saysHello = says
    },
    links: () => [...sockets.clients],
    open: () => sockets.clients.size,
    async close() {
      for (const link of sockets.clients) link.terminate()
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

type HandMadeSlack = Awaited<ReturnType<typeof aHandMadeSlack>>

/** Links to it, with short waits. */
function anAppOn(other: HandMadeSlack, over: { helloTimeoutMs?: number; replaceWithinMs?: number; clock?: Clock } = {}): Running {
  const { clock = systemClock, ...waits } = over
  const transport = { mode: 'socket', appToken: APP_TOKEN, random: () => 0.5, helloTimeoutMs: 100, backoffMs: () => 5 } as const
  return anApp(() => slack, {}, { apiUrl: other.apiUrl, clock, transport: { ...transport, ...waits } })
}

const DISCONNECT = JSON.stringify({ type: 'disconnect', reason: 'warning', debug_info: { host: 'applink-1' } })

function anEnvelope(id: string): string {
  const payload = { command: '/connections', text: 'help', team_id: 'T0ACME', user_id: ANA, channel_id: MARKETING_OPS }
  return JSON.stringify({ envelope_id: id, type: 'slash_commands', payload: { ...payload, trigger_id: id } })
}
