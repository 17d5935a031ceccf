/** One request inside of a batch, and what is answered to it. */
export interface PartRequest {
  readonly method: string
  /** As it stands in the batch, still percent-encoded. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface PartReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The parts of a `multipart/mixed` body; null where it is none. Change sets are not understood. */
export function readParts(contentType: string, body: string): readonly PartRequest[] | null {
  const boundary = /^multipart\/mixed;.*boundary="?([^";]+)"?/i.exec(contentType)?.[1]
  if (boundary === undefined || !body.includes(`--${boundary}--`)) return null
  const inside = body.slice(0, body.lastIndexOf(`--${boundary}--`))
  const parts = inside.split(`--${boundary}\r\n`).slice(1)
  const read = parts.map(readPart)
  return read.every((part) => part !== null) ? read : null
}

function readPart(text: string): PartRequest | null {
  const [outer = '', head = '', ...rest] = text.split('\r\n\r\n')
  if (!/content-type:\s*application\/http/i.test(outer)) return null
  const [line = '', ...headers] = head.split('\r\n')
  const found = /^([A-Z]+) (\S+) HTTP\/1\.1$/.exec(line)
  if (found?.[1] === undefined || found[2] === undefined) return null
  const named = headers.map((header) => header.split(/:\s*/, 2) as [string, string])
  return {
    method: found[1],
    url: found[2],
    headers: Object.fromEntries(named.map(([name, value]) => [name.toLowerCase(), value])),
    body: rest.join('\r\n\r\n').replace(/\r\n$/, ''),
  }
}

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  412: 'Precondition Failed',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
}

/** As in the examples of https://learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api (2026-11). */
export function writeParts(id: string, replies: readonly PartReply[]): { contentType: string; body: string } {
  const boundary = `batchresponse_${id}`
  const parts = replies.map(({ status, headers, body }) =>
    [
      `--${boundary}`,
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      '',
      `HTTP/1.1 ${status} ${REASONS[status] ?? 'Status'}`,
      ...Object.entries({ ...headers, 'OData-Version': '4.0' }).map(([name, value]) => `${name}: ${value}`),
      '',
      body,
      '',
    ].join('\r\n'),
  )
  return { contentType: `multipart/mixed; boundary=${boundary}`, body: `${parts.join('')}--${boundary}--\r\n` }
}
