import { asRecord, type JsonRecord } from '../json.ts'

/** What one piece of an answer brought to its end: rows, and what stands around them (`fieldMask`, `error`). */
export interface RowPiece {
  readonly rows: readonly JsonRecord[]
  readonly around: readonly JsonRecord[]
}

/** More than a row or what stands around rows ever has; it stops what is no list of rows. */
const MOST_CHARACTERS = 4 * 1024 * 1024

const [QUOTE, BACKSLASH] = [0x22, 0x5c]
const [OPEN_BRACE, OPEN_BRACKET, CLOSE_BRACE, CLOSE_BRACKET] = [0x7b, 0x5b, 0x7d, 0x5d]

/** Depths of brackets: the list, a batch in it, the `results` of a batch, a row in these. */
const LIST = 1
const BATCH = 2
const RESULTS = 3
const ROW = 4

/**
 * Reads what `googleAds:searchStream` answers, `[{"results":[{…},…],"fieldMask":"…","requestId":"…"},…]`, as it comes: a batch has
 * thousands of rows, and of them no more is held than has come with one piece.
 * developers.google.com/google-ads/api/rest/common/search (read 2026-11-24): the stream is wrapped in an array.
 * @throws Error for an answer that breaks off or is no such list.
 */
export async function* readRowStream(text: AsyncIterable<string>): AsyncGenerator<RowPiece> {
  const scanner = rowScanner()
  for await (const piece of text) {
    const read = scanner.read(piece)
    if (read.rows.length > 0 || read.around.length > 0) yield read
  }
  if (!scanner.isComplete()) throw new Error('the answer broke off')
}

function rowScanner() {
  let depth = 0
  let inText = false
  let escaped = false
  let inResults = false
  let complete = false
  /** Of the row that is being read. */
  let row = ''
  /** Of the batch that is being read, without its rows. */
  let around = ''

  /** Where in the piece the next text begins that must be kept. */
  function open(code: number, piece: string, at: number, from: number): number {
    if (depth === 0 && (complete || code !== OPEN_BRACKET)) throw new Error('the answer is no list of rows')
    depth += 1
    if (depth === BATCH || (depth === ROW && inResults)) return at
    if (depth !== RESULTS || code !== OPEN_BRACKET) return from
    around += piece.slice(from, at + 1)
    inResults = /"results"\s*:\s*\[$/.test(around.slice(-40))
    return at + 1
  }

  function close(piece: string, at: number, from: number, found: { rows: JsonRecord[]; around: JsonRecord[] }): number {
    depth -= 1
    if (depth === RESULTS && inResults) {
      found.rows.push(asRecord(JSON.parse(row + piece.slice(from, at + 1))))
      row = ''
      return at + 1
    }
    if (depth === BATCH && inResults) {
      inResults = false
      return at
    }
    if (depth === LIST) {
      found.around.push(asRecord(JSON.parse(around + piece.slice(from, at + 1))))
      around = ''
      return at + 1
    }
    complete = depth === 0
    return from
  }

  return {
    isComplete: () => complete,
    read(piece: string): RowPiece {
      const found = { rows: [] as JsonRecord[], around: [] as JsonRecord[] }
      let from = 0
      let at = escaped ? 1 : 0
      // No pattern: what it tells of each match is a dozen times the garbage of the rows themselves.
      for (; at < piece.length; at++) {
        const code = piece.charCodeAt(at)
        if (code === QUOTE) inText = !inText
        else if (inText) {
          if (code === BACKSLASH) at++
        } else if (code === OPEN_BRACE || code === OPEN_BRACKET) from = open(code, piece, at, from)
        else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) from = close(piece, at, from, found)
      }
      escaped = at > piece.length
      if (depth >= ROW && inResults) row += piece.slice(from)
      else if (depth >= BATCH && !inResults) around += piece.slice(from)
      if (row.length > MOST_CHARACTERS || around.length > MOST_CHARACTERS) throw new Error('the answer is no list of rows')
      return found
    },
  }
}
