import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { silentLog } from '../../../src/log.ts'
import { type Poster, slackPoster } from '../../../src/outbound/slack/poster.ts'
import { slackWebClient } from '../../../src/outbound/slack/web-client.ts'
import { LOOK } from '../../messages/a-card.ts'
import { aClock, BOT_TOKEN } from '../../sandbox/slack/a-workspace.ts'

/** The real poster against `apiUrl`, with a clock that is turned by hand. */
export function aPoster(
  apiUrl: string,
  token = BOT_TOKEN,
  groupIds: readonly string[] = [],
): { poster: Poster; clock: ReturnType<typeof aClock> } {
  const clock = aClock()
  const client = slackWebClient(token, apiUrl, 500)
  return { poster: slackPoster({ client, look: LOOK, clock, log: silentLog, groupIds }), clock }
}

/** Asks a poster whose Slack answers like this, and tells what came of it. */
export async function ask<T>(answer: (response: ServerResponse) => void, question: (poster: Poster) => Promise<T>): Promise<T> {
  const server = createServer((_request, response) => answer(response))
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  try {
    return await question(aPoster(`http://127.0.0.1:${port}/api`).poster)
  } finally {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  }
}

/** Slack's answer in JSON. */
export const saying = (answer: object) => (response: ServerResponse) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
