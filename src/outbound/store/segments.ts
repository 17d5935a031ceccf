import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { Tables } from '../../../db/schema.ts'

type SegmentRow = Tables['segments']['$inferSelect']

/** A version of a touchpoint on its way into the outbox. */
export interface NewVersion {
  readonly key: number
  readonly id: string
  readonly payload: string
}

/** A segment as it is stored: its row, and its lines. */
export type NewSegment = Pick<SegmentRow, 'key' | 'connectionNo' | 'places' | 'open' | 'payloadBytes' | 'acceptedAt'> & {
  readonly body: Buffer
}

/** Most places of a segment: a request to a CRM is made of whole ones, and theirs take 100 to 1,000 records. */
export const PLACES = 200
/** Payloads of one segment, in UTF-8, unless one is larger alone: so much is read for a single row of it. */
const SEGMENT_BYTES = 1_000_000

/** Where a segment begins and ends among places that lie next to each other; the end is not part of it. */
export interface Cut {
  readonly from: number
  readonly to: number
  readonly bytes: number
}

/** Cuts payloads into segments. */
export function cut(payloads: readonly { readonly payload: string }[]): Cut[] {
  const cuts: Cut[] = []
  let from = 0
  let bytes = 0
  for (const [index, { payload }] of payloads.entries()) {
    const more = Buffer.byteLength(payload)
    if (index > from && (index - from === PLACES || bytes + more > SEGMENT_BYTES)) {
      cuts.push({ from, to: index, bytes })
      from = index
      bytes = 0
    }
    bytes += more
  }
  if (payloads.length > from) cuts.push({ from, to: payloads.length, bytes })
  return cuts
}

/** From here on it pays. A segment of 200 shrinks to a tenth, for 1.3 µs a record: what is not written need not be synced. */
const COMPRESS_FROM_BYTES = 4096
const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } }
/** https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1 (read 2026-11). No text begins like this: its second byte is not UTF-8. */
const ZSTD_MAGIC = 0xfd2fb528

/**
 * A line for each place: the id (which has no control characters), a tab, the payload (JSON on one line); an empty one where
 * nobody is. Large ones are compressed by Zstandard.
 */
export function bodyOf(versions: readonly (NewVersion | null)[]): Buffer {
  const lines = Buffer.from(versions.map((version) => (version ? `${version.id}\t${version.payload}` : '')).join('\n'))
  return lines.length < COMPRESS_FROM_BYTES ? lines : zstdCompressSync(lines, FAST)
}

export function* linesOf(firstKey: number, stored: Uint8Array): Generator<NewVersion> {
  const body = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength)
  const isCompressed = body.length >= 4 && body.readUInt32LE() === ZSTD_MAGIC
  let key = firstKey
  for (const line of (isCompressed ? zstdDecompressSync(body) : body).toString().split('\n')) {
    const tab = line.indexOf('\t')
    if (tab !== -1) yield { key, id: line.slice(0, tab), payload: line.slice(tab + 1) }
    key++
  }
}
