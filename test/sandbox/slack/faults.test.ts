import { ErrorCode } from '@slack/web-api'
import { afterEach, expect, test } from 'vitest'
import { ANA, GENERAL, MARKETING_OPS } from '../../../src/sandbox/slack/people.ts'
import type { SlackWorkspace } from '../../../src/sandbox/slack/workspace.ts'
import { APP_TOKEN, aClient, aWorkspace, BOT_TOKEN, refusal } from './a-workspace.ts'

const open: SlackWorkspace[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((slack) => slack.close()))
})

async function aWorld() {
  const slack = await aWorkspace()
  open.push(slack)
  const client = aClient(slack)
  const post = (text = 'x') => client.chat.postMessage({ channel: MARKETING_OPS, text })
  return { slack, client, post, texts: () => slack.messages(MARKETING_OPS).map(({ text }) => text) }
}

test('a rate limit strikes as many calls as told, of the method told, with Retry-After', async () => {
  const { slack, client, post, texts } = await aWorld()
  slack.faults.rateLimit({ times: 2, method: 'chat.postMessage', retryAfterSeconds: 7 })
  await client.auth.test()
  await expect(post()).rejects.toMatchObject({ code: ErrorCode.RateLimitedError, retryAfter: 7 })
  await expect(post()).rejects.toMatchObject({ code: ErrorCode.RateLimitedError })
  await post('third')
  expect(texts()).toEqual(['third'])
  expect(slack.calls.map(({ answer }) => answer)).toEqual(['ok', 'fault:rate_limited', 'fault:rate_limited', 'ok'])
})

test('what is lost before the work leaves no message', async () => {
  const { slack, post, texts } = await aWorld()
  slack.faults.httpError({ status: 503 })
  await expect(post()).rejects.toMatchObject({ code: ErrorCode.HTTPError, statusCode: 503 })
  slack.faults.reset()
  await expect(post()).rejects.toMatchObject({ code: ErrorCode.RequestError })
  slack.faults.internalError()
  expect(await refusal(post())).toBe('internal_error')
  expect(texts()).toEqual([])
})

test('what is lost after the work leaves the message and no answer', async () => {
  const { slack, post, texts } = await aWorld()
  slack.faults.commitThenReset()
  await expect(post('reset')).rejects.toMatchObject({ code: ErrorCode.RequestError })
  slack.faults.commitThenHang()
  const impatient = aClient(slack, BOT_TOKEN, 200)
  await expect(impatient.chat.postMessage({ channel: MARKETING_OPS, text: 'hang' })).rejects.toMatchObject({
    code: ErrorCode.RequestError,
  })
  expect(texts()).toEqual(['reset', 'hang'])
})

test('a revoked token is refused everywhere, and can be made valid again', async () => {
  const { slack, post } = await aWorld()
  slack.faults.revokeBotToken()
  expect(await refusal(post())).toBe('token_revoked')
  slack.faults.revokeBotToken(null)
  await post('back')
  expect(slack.messages(MARKETING_OPS)).toHaveLength(1)
})

test('what admins and people do to channels and messages is felt by the next call', async () => {
  const { slack, client, post } = await aWorld()
  const ts = (await post('card')).ts as string
  const update = () => refusal(client.chat.update({ channel: MARKETING_OPS, ts, text: 'y' }))
  slack.faults.forbidEditing()
  expect(await update()).toBe('edit_window_closed')
  slack.faults.forbidEditing(null)
  slack.faults.deleteMessage(MARKETING_OPS, ts)
  expect(await update()).toBe('message_not_found')
  slack.faults.removeBot(MARKETING_OPS)
  expect(await refusal(post())).toBe('not_in_channel')
  slack.faults.archive(GENERAL)
  expect(await refusal(client.chat.postMessage({ channel: GENERAL, text: 'x' }))).toBe('is_archived')
  slack.faults.deactivate(ANA)
  await expect(slack.command(ANA, MARKETING_OPS, 'list')).rejects.toThrow('deactivated')
})

test('a message with replies that is deleted stays as a tombstone which cannot be edited', async () => {
  const { slack, client, post } = await aWorld()
  const ts = (await post('card')).ts as string
  await client.chat.postMessage({ channel: MARKETING_OPS, thread_ts: ts, text: 'reply' })
  slack.faults.deleteMessage(MARKETING_OPS, ts)
  expect(slack.messages(MARKETING_OPS)).toMatchObject([{ ts, isTombstone: true, text: '' }])
  expect(await refusal(client.chat.update({ channel: MARKETING_OPS, ts, text: 'y' }))).toBe('message_not_found')
})

test('opening a connection can be refused, which faults for any call leave alone', async () => {
  const { slack } = await aWorld()
  const app = aClient(slack, APP_TOKEN)
  slack.faults.httpError({ times: 1 })
  expect((await app.apps.connections.open({})).url).toMatch(/^ws:\/\/127\.0\.0\.1:/)
  slack.faults.refuseConnections('invalid_auth')
  expect(await refusal(app.apps.connections.open({}))).toBe('invalid_auth')
  slack.faults.refuseConnections('http_500')
  await expect(app.apps.connections.open({})).rejects.toMatchObject({ statusCode: 500 })
  slack.faults.clear()
  expect((await app.apps.connections.open({})).ok).toBe(true)
})
