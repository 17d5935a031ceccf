import { ErrorCode } from '@slack/web-api'
import { afterEach, expect, test } from 'vitest'
import { ANA, BEN, GENERAL, MARKETING_OPS } from '../../../src/sandbox/slack/people.ts'
import type { SlackWorkspace, SlackWorkspaceOptions } from '../../../src/sandbox/slack/workspace.ts'
import { APP_TOKEN, aClient, aClock, aWorkspace, BOT_TOKEN, refusal } from './a-workspace.ts'

const open: SlackWorkspace[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((slack) => slack.close()))
})

async function aWorld(options: Partial<SlackWorkspaceOptions> = {}) {
  const slack = await aWorkspace(options)
  open.push(slack)
  return { slack, client: aClient(slack) }
}

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn' as const, text } })

test('a posted message is in the channel with its blocks and metadata, and an edit keeps every version', async () => {
  const { slack, client } = await aWorld()
  const metadata = { event_type: 'redkey_card', event_payload: { outage: 'o1' } }
  const { ts } = await client.chat.postMessage({ channel: MARKETING_OPS, text: 'red', blocks: [section('*red*')], metadata })
  await client.chat.update({ channel: MARKETING_OPS, ts: ts as string, text: 'green', blocks: [section('*green*')] })
  const [message] = slack.messages(MARKETING_OPS)
  expect(message).toMatchObject({
    ts,
    text: 'green',
    byBot: true,
    threadTs: null,
    metadata,
    blocks: [{ text: { text: '*green*' } }],
  })
  expect(message?.versions.map(({ text }) => text)).toEqual(['red', 'green'])
  expect(message?.blocks[0]?.block_id).toBeTypeOf('string')
})

test('an edit with text alone drops the blocks and keeps the attachments', async () => {
  const { slack, client } = await aWorld()
  const attachments = [{ color: '#e01e5a', blocks: [section('inside')] }]
  const { ts } = await client.chat.postMessage({ channel: MARKETING_OPS, text: 'a', blocks: [section('b')], attachments })
  await client.chat.update({ channel: MARKETING_OPS, ts: ts as string, text: 'c' })
  expect(slack.messages(MARKETING_OPS)).toMatchObject([
    { text: 'c', blocks: [], isMarkedEdited: true, attachments: [{ color: '#e01e5a' }] },
  ])
})

test('replies stay in the thread, and a broadcast is seen in the channel as well', async () => {
  const { slack, client } = await aWorld()
  const { ts } = await client.chat.postMessage({ channel: MARKETING_OPS, text: 'card' })
  await client.chat.postMessage({ channel: MARKETING_OPS, text: 'reminder', thread_ts: ts as string })
  await client.chat.postMessage({ channel: MARKETING_OPS, text: 'report', thread_ts: ts as string, reply_broadcast: true })
  expect(slack.messages(MARKETING_OPS).map(({ text }) => text)).toEqual(['card'])
  expect(slack.thread(MARKETING_OPS, ts as string).map(({ text }) => text)).toEqual(['reminder', 'report'])
  expect(slack.timeline(MARKETING_OPS).map(({ text }) => text)).toEqual(['card', 'report'])
})

test('a reply to a deleted message silently becomes a message of the channel', async () => {
  const { slack, client } = await aWorld()
  const { ts } = await client.chat.postMessage({ channel: MARKETING_OPS, text: 'card' })
  slack.faults.deleteMessage(MARKETING_OPS, ts as string)
  const answer = await client.chat.postMessage({ channel: MARKETING_OPS, text: 'report', thread_ts: ts as string })
  expect(answer.message?.thread_ts).toBeUndefined()
  expect(slack.messages(MARKETING_OPS).map(({ text }) => text)).toEqual(['report'])
})

test('ts values are unique and increase while the clock stands still', async () => {
  const { client } = await aWorld({ now: aClock().now })
  const all: string[] = []
  for (let index = 0; index < 5; index += 1) {
    all.push((await client.chat.postMessage({ channel: GENERAL, text: String(index) })).ts as string)
  }
  expect(new Set(all).size).toBe(5)
  expect(all.map(Number).toSorted((a, b) => a - b)).toEqual(all.map(Number))
  expect(all[0]).toMatch(/^\d{10}\.\d{6}$/)
})

test('an ephemeral message is seen by that person alone and not by people outside', async () => {
  const { slack, client } = await aWorld({ channels: [{ id: 'C0A', name: 'a', members: [ANA] }] })
  await client.chat.postEphemeral({ channel: 'C0A', user: ANA, text: 'psst' })
  expect(slack.ephemerals(ANA)).toMatchObject([{ text: 'psst' }])
  expect(slack.ephemerals(BEN)).toEqual([])
  expect(await refusal(client.chat.postEphemeral({ channel: 'C0A', user: BEN, text: 'psst' }))).toBe('user_not_in_channel')
})

test('each refusal has the code that Slack uses', async () => {
  const { slack, client } = await aWorld({
    channels: [
      { id: 'C0OUT', name: 'out', hasBot: false },
      { id: 'C0SECRET', name: 'secret', hasBot: false, isPrivate: true },
      { id: 'C0OLD', name: 'old', isArchived: true },
      { id: 'C0A', name: 'a' },
    ],
  })
  const post = (channel: string) => refusal(client.chat.postMessage({ channel, text: 'x' }))
  expect(await post('C0NOWHERE')).toBe('channel_not_found')
  expect(await post('C0SECRET')).toBe('channel_not_found')
  expect(await post('C0OUT')).toBe('not_in_channel')
  expect(await post('C0OLD')).toBe('is_archived')
  expect(await refusal(client.chat.postMessage({ channel: 'C0A', text: '' }))).toBe('no_text')
  expect(await refusal(client.chat.update({ channel: 'C0A', ts: '1.000001', text: 'x' }))).toBe('message_not_found')
  const { ts } = slack.post(ANA, 'C0A', 'mine')
  expect(await refusal(client.chat.update({ channel: 'C0A', ts, text: 'x' }))).toBe('cant_update_message')
  expect(await refusal(client.chat.delete({ channel: 'C0A', ts }))).toBe('cant_delete_message')
  const own = await client.chat.postMessage({ channel: 'C0A', text: 'y'.repeat(5000) })
  expect(await refusal(client.chat.update({ channel: 'C0A', ts: own.ts as string, text: 'x'.repeat(4001) }))).toBe('msg_too_long')
  expect(await refusal(client.apiCall('chat.shout', {}))).toBe('unknown_method')
  expect(await refusal(client.users.info({ user: 'U0NOBODY' }))).toBe('user_not_found')
})

test('a missing scope is named together with what the token has', async () => {
  const { slack, client } = await aWorld()
  await expect(client.conversations.history({ channel: MARKETING_OPS })).rejects.toMatchObject({
    code: ErrorCode.PlatformError,
    data: { error: 'missing_scope', needed: 'channels:history', provided: 'chat:write,commands,users:read' },
  })
  slack.faults.setScopes(['channels:history', 'chat:write'])
  await client.chat.postMessage({ channel: MARKETING_OPS, text: 'hi', metadata: { event_type: 'e', event_payload: { a: 1 } } })
  const history = await client.conversations.history({ channel: MARKETING_OPS, include_all_metadata: true })
  expect(history.messages).toMatchObject([{ text: 'hi', metadata: { event_type: 'e' } }])
})

test('blocks that Slack would refuse are refused with a pointer to the place', async () => {
  const { slack, client } = await aWorld()
  const blocks = [section('fine'), { type: 'header', text: { type: 'mrkdwn', text: 'x'.repeat(151) } }]
  await expect(client.apiCall('chat.postMessage', { channel: MARKETING_OPS, text: 'x', blocks })).rejects.toMatchObject({
    data: {
      error: 'invalid_blocks',
      response_metadata: {
        messages: [
          '[ERROR] must be one of: plain_text [json-pointer:/blocks/1/text/type]',
          '[ERROR] must be less than 151 characters [json-pointer:/blocks/1/text/text]',
        ],
      },
    },
  })
  expect(slack.messages(MARKETING_OPS)).toEqual([])
})

test('the token is taken from the header or the body, in forms and in JSON, and never kept in the log', async () => {
  const { slack } = await aWorld()
  const call = async (body: string | URLSearchParams, headers: Record<string, string>) => {
    const response = await fetch(`${slack.apiUrl}auth.test`, { method: 'POST', body, headers })
    return { scopes: response.headers.get('x-oauth-scopes'), body: (await response.json()) as Record<string, unknown> }
  }
  const form = await call(new URLSearchParams({ token: BOT_TOKEN }), {})
  expect(form).toMatchObject({ scopes: 'chat:write,commands,users:read', body: { ok: true, user_id: slack.identity.botUserId } })
  const json = await call('{}', { 'content-type': 'application/json; charset=utf-8', authorization: `Bearer ${BOT_TOKEN}` })
  expect(json.body.ok).toBe(true)
  expect((await call('{}', { 'content-type': 'application/json' })).body).toMatchObject({ ok: false, error: 'not_authed' })
  expect((await call(new URLSearchParams({ token: 'xoxb-x' }), {})).body.error).toBe('invalid_auth')
  expect((await call(new URLSearchParams({ token: APP_TOKEN }), {})).body.error).toBe('not_allowed_token_type')
  expect(slack.calls.map(({ method, answer }) => [method, answer])).toEqual([
    ['auth.test', 'ok'],
    ['auth.test', 'ok'],
    ['auth.test', 'not_authed'],
    ['auth.test', 'invalid_auth'],
    ['auth.test', 'not_allowed_token_type'],
  ])
  expect(JSON.stringify(slack.calls)).not.toContain('xoxb')
})

test('people are told apart: admin, guest, deactivated, other company', async () => {
  const people = [
    { id: 'U1', name: 'a', realName: 'A', tz: 'America/New_York', isAdmin: true },
    { id: 'U2', name: 'b', realName: 'B', tz: 'Europe/Berlin', isGuest: true },
    { id: 'U3', name: 'c', realName: 'C', tz: 'UTC', deleted: true },
    { id: 'U4', name: 'd', realName: 'D', tz: 'UTC', teamId: 'T0OTHER' },
  ]
  const { slack, client } = await aWorld({ people, now: aClock('2026-11-23T09:00:00Z').now })
  const user = async (id: string) => (await client.users.info({ user: id })).user
  expect(await user('U1')).toMatchObject({ is_admin: true, is_restricted: false, tz_offset: -18_000 })
  expect(await user('U2')).toMatchObject({ is_restricted: true, tz_offset: 3600 })
  expect(await user('U3')).toMatchObject({ deleted: true })
  expect(await user('U4')).toMatchObject({ team_id: 'T0OTHER', is_stranger: true })
  slack.faults.deactivate('U1')
  expect(await user('U1')).toMatchObject({ deleted: true })
})

test('a direct message, a permalink and a user group are answered', async () => {
  const { slack, client } = await aWorld({
    scopes: ['chat:write', 'im:write', 'usergroups:read', 'channels:read'],
    groups: [{ id: 'S0OPS', handle: 'ops', users: [ANA, BEN] }],
  })
  const dm = await client.conversations.open({ users: ANA })
  const { channel } = await client.chat.postMessage({ channel: ANA, text: 'hello' })
  expect(channel).toBe(dm.channel?.id)
  const { ts } = await client.chat.postMessage({ channel: MARKETING_OPS, text: 'x' })
  const { permalink } = await client.chat.getPermalink({ channel: MARKETING_OPS, message_ts: ts as string })
  expect(permalink).toBe(`https://acme.slack.com/archives/${MARKETING_OPS}/p${(ts as string).replace('.', '')}`)
  slack.faults.deactivate(BEN)
  expect((await client.usergroups.users.list({ usergroup: 'S0OPS' })).users).toEqual([ANA])
  const { channel: info } = await client.conversations.info({ channel: MARKETING_OPS })
  expect(info).toMatchObject({ name: 'marketing-ops', is_member: true, is_archived: false, is_private: false })
})
