import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { App, HTTPReceiver } from '@slack/bolt'
import { afterEach, expect, test } from 'vitest'
import { ANA, MARKETING_OPS } from '../../../src/sandbox/slack/people.ts'
import { aWorkspace, BOT_TOKEN, SIGNING_SECRET, SILENT } from './a-workspace.ts'

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
})

type Listener = (request: IncomingMessage, response: ServerResponse) => void

/** The app's own server, which the workspace posts to. */
async function aServer(listener: Listener): Promise<string> {
  const server: Server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stops.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`
}

async function aBoltWorld(signingSecret: string) {
  const receiver = new HTTPReceiver({ signingSecret, logger: SILENT })
  const eventsUrl = await aServer((request, response) => receiver.requestListener(request, response))
  const slack = await aWorkspace({ delivery: { mode: 'http', eventsUrl } })
  stops.push(slack.close)
  const app = new App({
    receiver,
    token: BOT_TOKEN,
    clientOptions: { slackApiUrl: slack.apiUrl, logger: SILENT },
    logger: SILENT,
  })
  return { slack, app }
}

test("commands, clicks and events pass Bolt's own signature check", async () => {
  const { slack, app } = await aBoltWorld(SIGNING_SECRET)
  const events: string[] = []
  app.command('/connections', async ({ ack, command }) => ack(`heard ${command.text}`))
  app.action('go', async ({ ack, respond }) => {
    await ack()
    await respond('clicked')
  })
  app.event('app_uninstalled', async ({ body }) => {
    events.push(body.event_id)
  })
  expect(await slack.command(ANA, MARKETING_OPS, 'list')).toMatchObject({ acked: true, ephemerals: [{ text: 'heard list' }] })
  const blocks = [{ type: 'actions', elements: [{ type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } }] }]
  const { ts } = await app.client.chat.postMessage({ channel: MARKETING_OPS, text: 'x', blocks } as never)
  expect(await slack.click(ANA, { channel: MARKETING_OPS, ts: ts as string }, 'go')).toMatchObject({ acked: true })
  await slack.eventually(() => slack.ephemerals(ANA).some(({ text }) => text === 'clicked'))
  expect(await slack.sendEvent({ type: 'app_uninstalled' })).toBe(true)
  expect(events).toHaveLength(1)
})

test('an app with another signing secret refuses everything', async () => {
  const { slack, app } = await aBoltWorld('another-secret')
  app.command('/connections', async ({ ack }) => ack('never'))
  expect(await slack.command(ANA, MARKETING_OPS, 'list')).toMatchObject({ acked: false, error: 'http_service_error' })
})

test('forms carry exactly the content type that Bolt takes, without a charset', async () => {
  const types: (string | undefined)[] = []
  const eventsUrl = await aServer((request, response) => {
    types.push(request.headers['content-type'])
    response.end()
  })
  const slack = await aWorkspace({ delivery: { mode: 'http', eventsUrl } })
  stops.push(slack.close)
  await slack.command(ANA, MARKETING_OPS, 'list')
  await slack.sendEvent({ type: 'app_uninstalled' })
  expect(types).toEqual(['application/x-www-form-urlencoded', 'application/json'])
})

test('an event that fails is repeated with the same id, and says which repetition it is', async () => {
  const tries: { id: string; number: string | undefined; reason: string | undefined }[] = []
  const third = Promise.withResolvers<void>()
  const eventsUrl = await aServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { event_id: id } = JSON.parse(Buffer.concat(chunks).toString()) as { event_id: string }
    const header = (name: string) => request.headers[name]?.toString()
    tries.push({ id, number: header('x-slack-retry-num'), reason: header('x-slack-retry-reason') })
    response.statusCode = tries.length < 3 ? 500 : 200
    response.end()
    if (tries.length === 3) third.resolve()
  })
  const slack = await aWorkspace({ delivery: { mode: 'http', eventsUrl }, eventRetryDelaysMs: [0, 0, 0] })
  stops.push(slack.close)
  expect(await slack.sendEvent({ type: 'app_uninstalled' })).toBe(false)
  await third.promise
  expect(tries.map(({ number, reason }) => [number, reason])).toEqual([
    [undefined, undefined],
    ['1', 'http_error'],
    ['2', 'http_error'],
  ])
  expect(new Set(tries.map(({ id }) => id)).size).toBe(1)
})

test('x-slack-no-retry ends the repetitions', async () => {
  let tries = 0
  const eventsUrl = await aServer((_request, response) => {
    tries += 1
    response.writeHead(500, { 'x-slack-no-retry': '1' }).end()
  })
  const slack = await aWorkspace({ delivery: { mode: 'http', eventsUrl }, eventRetryDelaysMs: [0] })
  stops.push(slack.close)
  for (let index = 0; index < 4; index += 1) await slack.sendEvent({ type: 'app_uninstalled' })
  expect(tries).toBe(4)
})

test('an app that is not there is a failed dispatch, and Socket Mode is not offered', async () => {
  const slack = await aWorkspace({ delivery: { mode: 'http', eventsUrl: 'http://127.0.0.1:9/slack/events' } })
  stops.push(slack.close)
  expect(await slack.command(ANA, MARKETING_OPS, 'list')).toMatchObject({ acked: false, error: 'dispatch_failed' })
})
