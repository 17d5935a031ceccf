import type { Tables } from '../../../db/schema.ts'

type SegmentRow = Tables['segments']['$inferSelect']

/** A version of a touchpoint on its way into the outbox. */
export interface NewVersion {
  readonly key: number
  readonly id: string
  readonly payload: string
}

/** A segment as it is stored: its row, and its lines. */
export type NewSegment = Pick<SegmentRow, 'key' | 'connectionNo' | 'places' | 'open' | 'bytes' | 'acceptedAt'> & {
  readonly body: string
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

/** Lines of a body: the id (which has no control characters), a tab, the payload (JSON on one line); empty where nobody is. */
export function bodyOf(versions: readonly (NewVersion | null)[]): string {
  return versions.map((version) => (version ? `${version.id}\t${version.payload}` : '')).join('\n')
}

export function* linesOf(firstKey: number, body: string): Generator<NewVersion> {
  let key = firstKey
  for (const line of body.split('\n')) {
    const tab = line.indexOf('\t')
    if (tab !== -1) yield { key, id: line.slice(0, tab), payload: line.slice(tab + 1) }
    key++
  }
}
