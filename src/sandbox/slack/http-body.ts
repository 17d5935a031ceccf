import type { IncomingMessage } from 'node:http'
import { isObject, type JsonObject, parseJson } from './json.ts'

const MAX_BODY_BYTES = 10_000_000

/** The whole body as text; throws beyond 10 MB. */
export async function readBody(request: IncomingMessage): Promise<string> {
  return (await readBytes(request)).toString('utf8')
}

export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk))
    size += bytes.length
    if (size > MAX_BODY_BYTES) throw new Error('The body is larger than 10 MB')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

/** Fields that carry JSON inside a form. */
const JSON_FIELDS = new Set(['blocks', 'attachments', 'metadata', 'view', 'files', 'payload'])

/** The fields of a form or JSON body; JSON inside a form is parsed, and kept as text when it is none. */
export function readFields(body: string, contentType: string): JsonObject {
  if (contentType.includes('json')) {
    const value = parseJson(body)
    return isObject(value) ? unfold(value) : {}
  }
  return unfold(Object.fromEntries(new URLSearchParams(body)))
}

function unfold(fields: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      JSON_FIELDS.has(key) && typeof value === 'string' ? (parseJson(value) ?? value) : value,
    ]),
  )
}
