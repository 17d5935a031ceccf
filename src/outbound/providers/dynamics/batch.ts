import { parseJson } from '../http.ts'

/** One operation of a batch. */
export interface BatchOperation {
  readonly method: 'GET' | 'POST' | 'PATCH'
  /** Follows the address of the Web API; percent-encoded. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** The answer to one operation. */
export interface BatchPart {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** `undefined` when the text is not JSON. */
  readonly json: unknown
}

/** Must not occur in a body; JSON texts hold no line that begins with it. */
const BOUNDARY = 'batch_redkey'

/**
 * Operations outside of change sets, each on its own: what one refuses undoes no other.
 * https://learn.microsoft.com/en-us/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api (2026-11)
 */
export function batchBody(
  apiPath: string,
  operations: readonly BatchOperation[],
): { readonly contentType: string; readonly text: string } {
  const parts = operations.map(({ method, path, headers, body }) => {
    const named = Object.entries({ accept: 'application/json', ...headers, ...(body !== undefined && JSON_TYPE) })
    return [
      `--${BOUNDARY}`,
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      '',
      `${method} ${apiPath}${path} HTTP/1.1`,
      ...named.map(([name, value]) => `${name}: ${value}`),
      '',
      body === undefined ? '' : JSON.stringify(body),
      '',
    ].join('\r\n')
  })
  return { contentType: `multipart/mixed; boundary="${BOUNDARY}"`, text: `${parts.join('')}--${BOUNDARY}--\r\n` }
}

const JSON_TYPE = { 'content-type': 'application/json; type=entry' }

/** The answers to a batch, in the order of its operations; `null`: this is none. Its boundary is read from the text itself. */
export function readBatch(text: string): readonly BatchPart[] | null {
  const boundary = /^\s*--([^\s"]+)[ \t]*\r?\n/.exec(text)?.[1]
  if (boundary === undefined) return null
  const pieces = text.split(new RegExp(`(?:^|\\r?\\n)--${escapeRegExp(boundary)}(?:--)?[ \\t]*(?=\\r?\\n|$)`))
  return pieces.map(readPart).filter((part) => part !== null)
}

/** Headers of the part, a status line with headers, and a body, with an empty line between each. */
function readPart(piece: string): BatchPart | null {
  const found = /(?:^|\n)HTTP\/\d(?:\.\d)? (\d{3})[^\n]*(?:\n|$)/.exec(piece.replaceAll('\r\n', '\n'))
  if (found === null) return null
  const rest = piece.replaceAll('\r\n', '\n').slice(found.index + found[0].length)
  const end = rest.startsWith('\n') ? 0 : rest.indexOf('\n\n')
  const head = end === -1 ? rest : rest.slice(0, end)
  const text = end === -1 ? '' : rest.slice(end).trim()
  const headers = head
    .split('\n')
    .map((line) => /^([^:\s]+):\s*(.*)$/.exec(line))
    .flatMap((match) => (match?.[1] === undefined ? [] : [[match[1].toLowerCase(), match[2]?.trim() ?? ''] as const]))
  return { status: Number(found[1]), headers: Object.fromEntries(headers), text, json: parseJson(text) }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
