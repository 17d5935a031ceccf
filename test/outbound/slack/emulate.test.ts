import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { WebClient } from '@slack/web-api'
import { createEmulator, type Emulator } from 'emulate'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Poster } from '../../../src/outbound/slack/poster.ts'
import { aCard, aFinishedCatchUp, aMessage, aReauthorizedOutage } from '../../messages/a-card.ts'
import { aPoster } from './a-poster.ts'

/** A second opinion on Slack by somebody else: https://github.com/vercel-labs/emulate, 0.12.2. */
const TOKEN = 'xoxb-second-opinion'

let emulator: Emulator
let poster: Poster
let turn: (ms: number) => void
let client: WebClient
let channelId: string

beforeAll(async () => {
  emulator = await createEmulator({
    service: 'slack',
    port: await freePort(),
    seed: {
      slack: {
        channels: [{ name: 'marketing-ops' }],
        users: [{ name: 'ben', real_name: 'Ben Okafor' }],
        tokens: [{ token: TOKEN, user: 'ben', scopes: ['chat:write', 'users:read', 'channels:read', 'channels:history'] }],
      },
    },
  })
  const made = aPoster(`${emulator.url}/api/`, TOKEN)
  poster = made.poster
  turn = made.clock.turn
  client = new WebClient(TOKEN, { slackApiUrl: `${emulator.url}/api/` })
  const { channels = [] } = await client.conversations.list()
  channelId = channels.find(({ name }) => name === 'marketing-ops')?.id ?? ''
})
afterAll(() => emulator.close())

test('a card is posted, edited, answered in its thread and broadcast', async () => {
  const posted = await poster.post({ channelId, threadTs: null, broadcast: false }, aCard())
  expect(posted).toMatchObject({ kind: 'shown', channelId })
  const ts = posted.kind === 'shown' ? posted.ts : ''

  const done = aCard({ outage: aReauthorizedOutage(), catchUp: aFinishedCatchUp() })
  expect(await poster.update({ channelId, ts }, done)).toEqual({ kind: 'shown', ts, channelId })

  turn(1000)
  const report = aCard({ message: aMessage({ id: 'msg_2', kind: 'report' }), catchUp: aFinishedCatchUp(), outage: null })
  expect(await poster.post({ channelId, threadTs: ts, broadcast: true }, report)).toMatchObject({ kind: 'shown' })

  const { messages = [] } = await client.conversations.replies({ channel: channelId, ts, include_all_metadata: true })
  expect(messages.map(({ text }) => text)).toEqual([
    expect.stringContaining('✅ Salesforce is authorized again'),
    expect.stringContaining('All 1,284 missed touchpoints accounted for'),
  ])
  expect(JSON.stringify(messages[0]?.blocks)).toContain('accounted for')
  expect(messages[0]?.metadata).toMatchObject({ event_payload: { message_id: 'msg_1' } })
})

test('refusals are read the same way', async () => {
  turn(1000)
  expect(await poster.post({ channelId: 'C0NOWHERE', threadTs: null, broadcast: false }, aCard())).toEqual({
    kind: 'unreachable',
    reason: 'channel_not_found',
  })
  expect(await poster.update({ channelId, ts: '1700000000.000001' }, aCard())).toEqual({ kind: 'gone' })
  const { poster: stranger } = aPoster(`${emulator.url}/api/`, '')
  expect(await stranger.whoAmI()).toBeUndefined()
})

test('it tells whose token this is, and who a person is', async () => {
  const workspace = await poster.whoAmI()
  expect(workspace).toMatchObject({ teamId: expect.stringMatching(/^T/), botUserId: expect.stringMatching(/^[UB]/) })
  const { members = [] } = await client.users.list({})
  const ben = members.find(({ name }) => name === 'ben')
  expect(await poster.person(ben?.id ?? '')).toMatchObject({ teamId: workspace?.teamId, isGuest: false, isDeactivated: false })
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return port
}
