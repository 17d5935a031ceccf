/** Where a record begins: bytes from the start of the file, and the line, from 1. */
export interface Place {
  readonly offset: number
  readonly line: number
}

export interface RawRecord {
  readonly line: number
  /** Without its line end. Null: longer than {@link MOST_BYTES}. */
  readonly bytes: Buffer | null
  /** False: a quote was opened and the file ended before it was closed. */
  readonly closed: boolean
  /** Where the next one begins. */
  readonly next: Place
}

export interface RecordSplitter {
  /** The records that end in this piece of the file. */
  push(chunk: Buffer): RawRecord[]
  /** What is left when the file ends without a line end. */
  end(): RawRecord | null
}

/** What the API takes in one request. */
const MOST_BYTES = 10_000_000

const QUOTE = 0x22
const COMMA = 0x2c
const NEWLINE = 0x0a
const RETURN = 0x0d

/** Where in a cell the last byte was. A quote opens at the start of a cell only; two of them inside one are one. */
type InCell = 'start' | 'plain' | 'quoted' | 'after_quote'

/**
 * Cuts a file into records, whatever pieces it comes in, and keeps no more of it than the record that is under way. With `quotes`
 * (CSV) a line end between quotes belongs to the record. Works on bytes: in UTF-8 none of the signs is part of another character.
 */
export function recordSplitter(from: Place, quotes: boolean): RecordSplitter {
  let begun = from
  let { offset, line } = from
  let inCell: InCell = 'start'
  let pieces: Buffer[] = []
  let size = 0

  function keep(piece: Buffer): void {
    size += piece.length
    if (size > MOST_BYTES) pieces = []
    else if (piece.length > 0) pieces.push(piece)
  }

  function take(): RawRecord {
    const next = { offset, line }
    const bytes = size > MOST_BYTES ? null : withoutReturn(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces))
    const record = { line: begun.line, bytes, closed: inCell !== 'quoted', next }
    begun = next
    pieces = []
    size = 0
    inCell = 'start'
    return record
  }

  /** The index of the next line end that ends a record, or the length. */
  function scan(chunk: Buffer, start: number): number {
    if (!quotes) {
      const newline = chunk.indexOf(NEWLINE, start)
      return newline === -1 ? chunk.length : newline
    }
    for (let index = start; index < chunk.length; index++) {
      const byte = chunk[index]
      if (byte === QUOTE)
        inCell = inCell === 'start' || inCell === 'after_quote' ? 'quoted' : inCell === 'quoted' ? 'after_quote' : 'plain'
      else if (inCell === 'quoted') line += byte === NEWLINE ? 1 : 0
      else if (byte === NEWLINE) return index
      else inCell = byte === COMMA ? 'start' : 'plain'
    }
    return chunk.length
  }

  return {
    push(chunk) {
      const records: RawRecord[] = []
      for (let start = 0; start < chunk.length; ) {
        const end = scan(chunk, start)
        keep(chunk.subarray(start, end))
        const ended = end < chunk.length
        offset += end - start + (ended ? 1 : 0)
        if (ended) {
          line += 1
          records.push(take())
        }
        start = end + 1
      }
      return records
    },
    end: () => (size > 0 ? take() : null),
  }
}

function withoutReturn(bytes: Buffer = Buffer.alloc(0)): Buffer {
  return bytes.at(-1) === RETURN ? bytes.subarray(0, -1) : bytes
}
