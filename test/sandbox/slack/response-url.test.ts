import { afterEach, expect, test } from 'vitest'
import { ANA, MARKETING_OPS } from '../../../src/sandbox/slack/people.ts'
import type { SlackWorkspace } from '../../../src/sandbox/slack/workspace.ts'
import { aClock, anApp, aWorkspace } from './a-workspace.ts'

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
})

/** A workspace, a clock, and a way to get the response_url of a command or a click. */
async function aWorld() {
  const clock = aClock()
  const slack = await aWorkspace({ now: clock.now })
  const app = anApp(slack)
  stops.push(slack.close, () => app.stop())
  let address = ''
  app.command('/connections', async ({ ack, command }) => {
    address = command.response_url
    await ack()
  })
  app.action('go', async ({ ack, body }) => {
    address = 'response_url' in body ? String(body.response_url) : ''
    await ack()
  })
  await app.start()
  const answer = async (payload: object) => {
    const response = await fetch(address, { method: 'POST', body: JSON.stringify(payload) })
    return { status: response.status, ...((await response.json()) as { ok: boolean; error?: string }) }
  }
  const blocks = [{ type: 'actions', elements: [{ type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } }] }]
  return { slack, clock, answer, blocks, client: app.client }
}

const shown = (slack: SlackWorkspace) => slack.ephemerals(ANA).map(({ text }) => text)

test('an address works five times', async () => {
  const { slack, answer } = await aWorld()
  await slack.command(ANA, MARKETING_OPS, '')
  for (const text of ['1', '2', '3', '4', '5']) expect(await answer({ text })).toMatchObject({ status: 200, ok: true })
  expect(await answer({ text: '6' })).toEqual({ status: 404, ok: false, error: 'used_url' })
  expect(shown(slack)).toEqual(['1', '2', '3', '4', '5'])
})

test('an address works for thirty minutes', async () => {
  const { slack, clock, answer } = await aWorld()
  await slack.command(ANA, MARKETING_OPS, '')
  clock.turn(30 * 60_000)
  expect(await answer({ text: 'just in time' })).toMatchObject({ ok: true })
  clock.turn(1)
  expect(await answer({ text: 'late' })).toMatchObject({ status: 404, error: 'expired_url' })
  expect(shown(slack)).toEqual(['just in time'])
})

test('in_channel shows the answer to everybody, even where the bot is no member', async () => {
  const { slack, answer } = await aWorld()
  slack.faults.removeBot(MARKETING_OPS)
  await slack.command(ANA, MARKETING_OPS, '')
  await answer({ text: 'all', response_type: 'in_channel' })
  expect(slack.messages(MARKETING_OPS)).toMatchObject([{ text: 'all', byBot: true }])
  expect(shown(slack)).toEqual([])
})

test('an ephemeral message is replaced and deleted through the address of a click on it', async () => {
  const { slack, answer, blocks } = await aWorld()
  await slack.command(ANA, MARKETING_OPS, '')
  await answer({ text: 'page 1', blocks })
  const ts = slack.ephemerals(ANA)[0]?.ts as string
  await slack.click(ANA, { channel: MARKETING_OPS, ts }, 'go')
  await answer({ text: 'page 2', replace_original: true })
  expect(shown(slack)).toEqual(['page 2'])
  await answer({ delete_original: true })
  expect(shown(slack)).toEqual([])
})

test('a message of the channel is replaced through the address of a click on it', async () => {
  const { slack, answer, blocks, client } = await aWorld()
  const { ts } = await client.chat.postMessage({ channel: MARKETING_OPS, text: 'card', blocks } as never)
  await slack.click(ANA, { channel: MARKETING_OPS, ts: ts as string }, 'go')
  await answer({ text: 'only for you' })
  await answer({ text: 'done', replace_original: true })
  expect(slack.messages(MARKETING_OPS).map(({ text }) => text)).toEqual(['done'])
  expect(shown(slack)).toEqual(['only for you'])
})

test('blocks are checked here as well', async () => {
  const { slack, answer } = await aWorld()
  await slack.command(ANA, MARKETING_OPS, '')
  expect(await answer({ text: 'x', blocks: [{ type: 'section' }] })).toMatchObject({ ok: false, error: 'invalid_blocks' })
  expect(shown(slack)).toEqual([])
})
