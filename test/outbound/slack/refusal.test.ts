import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { MARKETING_OPS } from '../../../src/sandbox/slack/people.ts'
import { aCard } from '../../messages/a-card.ts'
import { aPoster } from './a-poster.ts'

const CHANNEL = { channelId: MARKETING_OPS, threadTs: null, broadcast: false }

/** Posts to a server that answers like this, and tells what came of it. */
async function postTo(answer: (response: ServerResponse) => void) {
  const server = createServer((_request, response) => answer(response))
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  try {
    return await aPoster(`http://127.0.0.1:${port}/api`).poster.post(CHANNEL, aCard())
  } finally {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  }
}

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
  const posting = await postTo((response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}'))
  expect(posting).toEqual({ kind: 'uncertain', reason: 'answer_without_ts' })
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
