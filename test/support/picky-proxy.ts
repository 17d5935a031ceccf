import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface PickyProxy extends AsyncDisposable {
  readonly url: string
}

/**
 * Stands in front of an org and refuses a whole request for one record in it, as Salesforce does when a value can't be read:
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm (400 JSON_PARSER_ERROR).
 */
export async function pickyProxy(orgUrl: string, refuses: (body: string) => boolean): Promise<PickyProxy> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    if (refuses(body)) {
      response.writeHead(400, { 'content-type': 'application/json' })
      response.end(JSON.stringify([{ errorCode: 'JSON_PARSER_ERROR', message: 'Cannot deserialize instance of date' }]))
      return
    }
    const { authorization = '', 'content-type': type = 'application/json' } = request.headers
    const answer = await fetch(`${orgUrl}${request.url}`, {
      method: request.method ?? 'GET',
      headers: { authorization, 'content-type': type },
      ...(body === '' ? {} : { body }),
    })
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
    response.end(await answer.text())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
