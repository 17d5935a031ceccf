import type { App, BlockAction, ButtonAction } from '@slack/bolt'
import { SocketModeClient } from '@slack/socket-mode'
import { afterEach, expect, test } from 'vitest'
import { ANA, BEN, CHLOE, GENERAL, MARKETING_OPS } from '../../../src/sandbox/slack/people.ts'
import type { SlackWorkspace, SlackWorkspaceOptions } from '../../../src/sandbox/slack/workspace.ts'
import { APP_TOKEN, aClient, anApp, aWorkspace, SILENT } from './a-workspace.ts'

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
})

async function aWorld(options: Partial<SlackWorkspaceOptions> = {}): Promise<{ slack: SlackWorkspace; app: App }> {
  const slack = await aWorkspace(options)
  const app = anApp(slack)
  stops.push(slack.close, () => app.stop())
  return { slack, app }
}

async function aLink(slack: SlackWorkspace): Promise<SocketModeClient> {
  const link = new SocketModeClient({
    appToken: APP_TOKEN,
    autoReconnectEnabled: false,
    clientOptions: { slackApiUrl: slack.apiUrl },
    logger: SILENT,
  })
  await link.start()
  stops.push(() => link.disconnect())
  return link
}

const card = (...elements: object[]) => ({
  channel: MARKETING_OPS,
  text: 'card',
  blocks: [{ type: 'actions', block_id: 'row', elements }],
})
const button = (action_id: string, extra: object = {}) => ({
  type: 'button',
  action_id,
  text: { type: 'plain_text', text: action_id },
  ...extra,
})

test('a command reaches Bolt with the fields of a Slack command, and its ack is shown to that person alone', async () => {
  const { slack, app } = await aWorld()
  const seen: unknown[] = []
  app.command('/connections', async ({ ack, command }) => {
    seen.push(command)
    await ack({ text: `You said ${command.text}` })
  })
  await app.start()
  const result = await slack.command(ANA, MARKETING_OPS, 'remind @ben in #general')
  expect(result).toMatchObject({
    acked: true,
    error: null,
    ephemerals: [{ text: `You said remind <@${BEN}|ben> in <#${GENERAL}|general>`, user: ANA }],
  })
  expect(seen).toMatchObject([
    {
      command: '/connections',
      user_id: ANA,
      user_name: 'ana',
      channel_id: MARKETING_OPS,
      channel_name: 'marketing-ops',
      team_id: 'T0ACME',
      is_enterprise_install: 'false',
    },
  ])
  expect([...slack.ephemerals(BEN), ...slack.ephemerals(CHLOE)]).toEqual([])
  expect(slack.messages(MARKETING_OPS)).toEqual([])
})

test('a command that nobody acks in time fails, and so does one while the app is away', async () => {
  const { slack, app } = await aWorld({ ackTimeoutMs: 50 })
  expect(await slack.command(ANA, MARKETING_OPS, 'list')).toMatchObject({ acked: false, error: 'dispatch_failed' })
  await app.start()
  expect(await slack.command(ANA, MARKETING_OPS, 'list')).toMatchObject({
    acked: false,
    error: 'operation_timeout',
    ephemerals: [],
  })
})

test('a click carries the button, its message and the person, also when the button has an address', async () => {
  const { slack, app } = await aWorld()
  const bodies: BlockAction<ButtonAction>[] = []
  app.action<BlockAction<ButtonAction>>(/.*/, async ({ ack, body }) => {
    bodies.push(body)
    await ack()
  })
  await app.start()
  const { ts } = await app.client.chat.postMessage(
    card(button('reauthorize', { url: 'https://redkey.example/r/1', value: 'c1', style: 'primary' })) as never,
  )
  const result = await slack.click(BEN, { channel: MARKETING_OPS, ts: ts as string }, 'reauthorize')
  expect(result).toMatchObject({ acked: true, opened: 'https://redkey.example/r/1', error: null })
  expect(bodies).toMatchObject([
    {
      type: 'block_actions',
      user: { id: BEN, team_id: 'T0ACME' },
      container: { type: 'message', message_ts: ts, channel_id: MARKETING_OPS, is_ephemeral: false },
      message: { ts, text: 'card' },
      actions: [
        {
          action_id: 'reauthorize',
          block_id: 'row',
          value: 'c1',
          url: 'https://redkey.example/r/1',
          type: 'button',
          style: 'primary',
        },
      ],
    },
  ])
})

test('a click in an attachment, in a thread or in an ephemeral message says so', async () => {
  const { slack, app } = await aWorld()
  const bodies: BlockAction[] = []
  app.action<BlockAction>('go', async ({ ack, body }) => {
    bodies.push(body)
    await ack()
  })
  await app.start()
  const { blocks } = card(button('go'))
  const root = await app.client.chat.postMessage({
    channel: MARKETING_OPS,
    text: 'x',
    attachments: [{ color: 'danger', blocks }],
  } as never)
  const reply = await app.client.chat.postMessage({ ...card(button('go')), thread_ts: root.ts } as never)
  await app.client.chat.postEphemeral({ ...card(button('go')), user: ANA } as never)
  await slack.click(ANA, { channel: MARKETING_OPS, ts: root.ts as string }, 'go')
  await slack.click(ANA, { channel: MARKETING_OPS, ts: reply.ts as string }, 'go')
  await slack.click(ANA, { channel: MARKETING_OPS, ts: slack.ephemerals(ANA)[0]?.ts as string }, 'go')
  expect(bodies.map(({ container }) => container)).toMatchObject([
    { type: 'message_attachment', attachment_id: 1 },
    { type: 'message', thread_ts: root.ts },
    { type: 'message', is_ephemeral: true },
  ])
  expect(bodies[2]?.message).toBeUndefined()
})

test('a select sends the option that was chosen', async () => {
  const { slack, app } = await aWorld()
  const chosen: unknown[] = []
  app.action<BlockAction>('pick', async ({ ack, body }) => {
    chosen.push(body.actions[0], body.state?.values)
    await ack()
  })
  await app.start()
  const options = ['a', 'b'].map((value) => ({ text: { type: 'plain_text', text: value }, value }))
  const { ts } = await app.client.chat.postMessage(card({ type: 'static_select', action_id: 'pick', options }) as never)
  await slack.click(ANA, { channel: MARKETING_OPS, ts: ts as string }, 'pick', { selected: ['b'] })
  expect(chosen).toMatchObject([
    { type: 'static_select', selected_option: { value: 'b' } },
    { row: { pick: { selected_option: { value: 'b' } } } },
  ])
})

test('each payload goes to one link only, and to all of them in turn', async () => {
  const slack = await aWorkspace()
  stops.push(slack.close)
  const got: number[] = []
  for (const number of [1, 2, 3]) {
    const link = await aLink(slack)
    link.on('slash_commands', async ({ ack }: { ack: () => Promise<void> }) => {
      got.push(number)
      await ack()
    })
  }
  expect(slack.links()).toBe(3)
  for (let index = 0; index < 6; index += 1) await slack.command(ANA, MARKETING_OPS, 'list')
  expect(got.toSorted()).toEqual([1, 1, 2, 2, 3, 3])
})

test('a link that is told to refresh gets no more payloads, even while it stays open', async () => {
  const slack = await aWorkspace()
  stops.push(slack.close)
  const { url } = await aClient(slack, APP_TOKEN).apps.connections.open({})
  const got: string[] = []
  const first = new WebSocket(url as string)
  const told = new Promise<void>((resolve) => {
    first.onmessage = ({ data }) => {
      const { type } = JSON.parse(String(data)) as { type: string }
      got.push(type)
      if (type === 'disconnect') resolve()
    }
  })
  await slack.eventually(() => slack.links() === 1)
  const second = await aLink(slack)
  second.on('slash_commands', async ({ ack }: { ack: (body: object) => Promise<void> }) => ack({ text: 'second' }))
  slack.disconnect('refresh_requested', 'oldest')
  await told
  for (let index = 0; index < 3; index += 1) {
    expect(await slack.command(ANA, MARKETING_OPS, 'list')).toMatchObject({ ackBody: { text: 'second' } })
  }
  expect(got).toEqual(['hello', 'disconnect'])
})

test('an app that is told to refresh leaves by itself', async () => {
  const slack = await aWorkspace()
  stops.push(slack.close)
  const link = await aLink(slack)
  const gone = new Promise((resolve) => link.once('disconnected', resolve))
  slack.disconnect('refresh_requested')
  await gone
  await slack.eventually(() => slack.links() === 0)
})

test('dropped sockets are noticed by the app', async () => {
  const slack = await aWorkspace()
  stops.push(slack.close)
  const link = await aLink(slack)
  const gone = new Promise((resolve) => link.once('disconnected', resolve))
  slack.dropSockets()
  await gone
  expect(await slack.command(ANA, MARKETING_OPS, 'list')).toMatchObject({ error: 'dispatch_failed' })
})

test('a ticket opens one link and no second', async () => {
  const slack = await aWorkspace()
  stops.push(slack.close)
  const { url } = await aClient(slack, APP_TOKEN).apps.connections.open({})
  const outcome = () =>
    new Promise<string>((resolve) => {
      const socket = new WebSocket(url as string)
      socket.onmessage = ({ data }) => {
        resolve((JSON.parse(String(data)) as { type: string }).type)
        socket.close()
      }
      socket.onerror = () => resolve('refused')
    })
  expect(await outcome()).toBe('hello')
  expect(await outcome()).toBe('refused')
})

test('the admin revokes the app: it is told, and its calls are refused', async () => {
  const { slack, app } = await aWorld()
  const told: unknown[] = []
  app.event('tokens_revoked', async ({ event }) => {
    told.push(event.tokens)
  })
  await app.start()
  expect(await slack.revoke()).toBe(true)
  await expect(app.client.auth.test()).rejects.toMatchObject({ data: { error: 'token_revoked' } })
})
