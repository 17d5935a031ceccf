import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface PickyProxy extends AsyncDisposable {
  readonly url: string
}

/** What Salesforce says instead: `[{ errorCode, message }]`. */
export interface Refusal {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly said: readonly { readonly errorCode: string; readonly message: string }[]
}

/**
 * Stands in front of an org and refuses what it is told to; null lets a request pass. Shapes of refusals:
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm
 */
export async function pickyProxy(orgUrl: string, refuse: (body: string) => Refusal | null): Promise<PickyProxy> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const refusal = refuse(body)
    if (refusal) {
      response.writeHead(refusal.status, { 'content-type': 'application/json', ...refusal.headers })
      response.end(JSON.stringify(refusal.said))
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
