import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'

/** Stands in front of the fake Google and tells costs itself, as many as wanted: more than a fake has room for. */
export interface LeanGoogle extends AsyncDisposable {
  readonly url: string
  /** Where all else is asked. */
  target: string
  /** Rows that each account tells, by its id. */
  readonly rows: Map<string, number>
}

/** Of each row, in millionths. */
export const ROW_MICROS = 12_340_000n
const ROWS_A_PIECE = 1_000

export async function leanGoogle(): Promise<LeanGoogle> {
  const rows = new Map<string, number>()
  const google = { target: '', rows }
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const [, customer = ''] = /customers\/(\d+)\/googleAds:searchStream$/.exec(request.url ?? '') ?? []
    const [, from = '', to = ''] = /BETWEEN '([\d-]+)' AND '([\d-]+)'/.exec(body) ?? []
    if (body.includes('metrics.cost_micros') && rows.has(customer)) {
      response.writeHead(200, { 'content-type': 'application/json' })
      Readable.from(told(customer, from, to, rows.get(customer) ?? 0)).pipe(response)
      return
    }
    const { host: _, 'content-length': __, connection: ___, ...headers } = request.headers
    const init = { method: request.method ?? 'GET', headers: headers as Record<string, string>, ...(body && { body }) }
    const answer = await fetch(`${google.target}${request.url}`, init)
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(await answer.text())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(google, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

/** The array that `searchStream` answers, spread over the days. */
function* told(customer: string, from: string, to: string, count: number): Generator<string> {
  const first = Date.parse(from)
  const days = (Date.parse(to) - first) / 86_400_000 + 1
  for (let done = 0; done < count; done += ROWS_A_PIECE) {
    const results = Array.from({ length: Math.min(ROWS_A_PIECE, count - done) }, (_, place) => {
      const row = done + place
      const date = new Date(first + (row % days) * 86_400_000).toISOString().slice(0, 10)
      const id = String(Math.floor(row / days) + 1)
      return {
        campaign: { resourceName: `customers/${customer}/campaigns/${id}`, id, name: `Campaign ${id}` },
        segments: { date },
        metrics: { costMicros: String(ROW_MICROS), clicks: '9', impressions: '400' },
      }
    })
    yield `${done === 0 ? '[' : ',\n'}${JSON.stringify({ results, fieldMask: 'segments.date', requestId: 'lean' })}`
  }
  yield ']'
}
