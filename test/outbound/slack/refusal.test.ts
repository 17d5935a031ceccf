import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { MARKETING_OPS } from '../../../src/sandbox/slack/people.ts'
import { aCard } from '../../messages/a-card.ts'
import { aPoster, ask, saying } from './a-poster.ts'

const CHANNEL = { channelId: MARKETING_OPS, threadTs: null, broadcast: false }

const postTo = (answer: (response: ServerResponse) => void) => ask(answer, (poster) => poster.post(CHANNEL, aCard()))

test('a page of a proxy instead of Slack’s answer leaves the post uncertain', async () => {
  const posting = await postTo((response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in to the Wi-Fi</html>'),
  )
  expect(posting).toEqual({ kind: 'uncertain', reason: 'answer_unreadable' })
})

test('an answer that breaks off leaves the post uncertain', async () => {
  const posting = await postTo((response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' })
    response.write('{"ok":true,')
    setImmediate(() => response.destroy())
  })
  expect(posting).toMatchObject({ kind: 'uncertain' })
})

test('an answer without the message’s ts leaves the post uncertain', async () => {
  const posting = await postTo(saying({ ok: true }))
  expect(posting).toEqual({ kind: 'uncertain', reason: 'answer_without_ts' })
})

test('an edit needs no more than Slack’s ok', async () => {
  const place = { channelId: MARKETING_OPS, ts: '1700000000.000100' }
  expect(await ask(saying({ ok: true }), (poster) => poster.update(place, aCard()))).toEqual({ kind: 'shown', ...place })
})

test('a reply that Slack silently put into the channel, since its thread is gone, is shown', async () => {
  const answer = { ok: true, channel: MARKETING_OPS, ts: '1700000000.000200', message: { ts: '1700000000.000200' } }
  const place = { channelId: MARKETING_OPS, threadTs: '1700000000.000100', broadcast: true }
  expect(await ask(saying(answer), (poster) => poster.post(place, aCard()))).toEqual({
    kind: 'shown',
    channelId: MARKETING_OPS,
    ts: '1700000000.000200',
  })
})

test('an answered 404 of something in between is tried again', async () => {
  expect(await postTo((response) => response.writeHead(404).end('no'))).toEqual({
    kind: 'later',
    afterMs: null,
    reason: 'http_404',
  })
})

test('a name that does not resolve was never sent', async () => {
  const { poster } = aPoster('http://slack.invalid/api')
  expect(await poster.post(CHANNEL, aCard())).toMatchObject({
    kind: 'later',
    reason: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/),
  })
})
