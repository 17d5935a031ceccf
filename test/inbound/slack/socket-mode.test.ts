import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import { ANA, BEN, MARKETING_OPS } from '../../../src/sandbox/slack/people.ts'
import type { SlackWorkspace } from '../../../src/sandbox/slack/workspace.ts'
import { APP_TOKEN, aWorkspace } from '../../sandbox/slack/a-workspace.ts'
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
  await expect.poll(() => running.log.lines.filter(({ event }) => event === 'slack.link_up').length).toBe(4)
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
  const mute = await aSlackThatSaysHello(false)
  running = anApp(
    () => slack,
    {},
    {
      apiUrl: mute.apiUrl,
      transport: { mode: 'socket', appToken: APP_TOKEN, random: () => 0.5, helloTimeoutMs: 100, backoffMs: () => 5 },
    },
  )
  await running.app.start()
  await expect.poll(failures).toContain('no_hello')
  mute.sayHello()
  await expect.poll(() => running.app.connected()).toBe(true)
  await running.app.stop()
  await expect.poll(() => mute.open()).toBe(0)
  await mute.close()
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

/** A server that opens links but keeps its hello to itself until told. */
async function aSlackThatSaysHello(atOnce: boolean) {
  let says = atOnce
  const sockets = new WebSocketServer({ noServer: true })
  const server = createServer((_request, response) => {
    const { port } = server.address() as AddressInfo
    response.end(JSON.stringify({ ok: true, url: `ws://127.0.0.1:${port}/link` }))
  })
  server.on('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (link) => {
      sockets.emit('connection', link, request)
      if (says) link.send(JSON.stringify({ type: 'hello' }))
    }),
  )
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return {
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`,
    sayHello() {
      says = true
    },
    open: () => sockets.clients.size,
    async close() {
      for (const link of sockets.clients) link.terminate()
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}
