import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { csvCells } from './csv-cells.ts'
import { type CsvColumns, readHeader } from './csv-columns.ts'
import { type Place, type RawRecord, recordSplitter } from './split-records.ts'

export type Format = 'csv' | 'ndjson'

export interface RefusedLine {
  readonly line: number
  readonly id: string | null
  readonly code: string
  readonly message: string
}

/** Rows that are taken in together. */
export interface Rows {
  readonly items: readonly unknown[]
  /** The line of each of `items`. */
  readonly lines: readonly number[]
  readonly unreadable: readonly RefusedLine[]
  /** Where the next rows begin. */
  readonly next: Place
}

/** What is known of a file before its rows are read. */
export interface Opened {
  readonly format: Format
  /** Of a CSV file. */
  readonly columns: CsvColumns | null
  /** Where its rows begin. */
  readonly begin: Place
}

export type OpenedFile = Opened | { readonly problems: readonly string[] }

const AT_ONCE = 1000
/** With the longest rows a thousand of them would not be flat memory. */
const BYTES_AT_ONCE = 10_000_000
const CHUNK_BYTES = 262_144
const BOM = Buffer.from([0xef, 0xbb, 0xbf])

export function formatOf(path: string): Format | undefined {
  const [ending] = /\.[a-z]+$/.exec(path.toLowerCase()) ?? []
  return ending === '.csv' ? 'csv' : ending === '.ndjson' || ending === '.jsonl' ? 'ndjson' : undefined
}

/** Looks at the first bytes and, in CSV, at the header. */
export async function openRecords(path: string, format: Format): Promise<OpenedFile> {
  const start = await firstBytes(path)
  if ((start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff)) {
    return { problems: ['The file is UTF-16: save it as UTF-8.'] }
  }
  const begin = { offset: start.equals(BOM) ? BOM.length : 0, line: 1 }
  if (format === 'ndjson') return { format, columns: null, begin }
  for await (const records of rawRecords(path, format, begin)) {
    for (const record of records) {
      if (record.bytes?.length === 0) continue
      const cells = headerCells(record)
      if (!cells) return { problems: ['The first row, which names the columns, is not CSV in UTF-8.'] }
      const header = readHeader(cells)
      if (header.kind === 'problems') return header
      return { format, columns: header.columns, begin: record.next }
    }
  }
  return { problems: ['The file is empty: its first row names the columns.'] }
}

function headerCells(record: RawRecord): string[] | undefined {
  const text = record.closed ? textOf(record) : undefined
  return text === undefined ? undefined : csvCells(text)
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(BOM.length), 0, BOM.length, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** The rows from `from` on, a thousand at a time. Empty lines are passed over. */
export async function* readRows(path: string, { format, columns }: Opened, from: Place): AsyncGenerator<Rows> {
  const read = columns ? (record: RawRecord) => readCsv(record, columns) : readJsonLine
  let rows = noRows()
  let next = from
  for await (const records of rawRecords(path, format, from)) {
    for (const record of records) {
      next = record.next
      const row = read(record)
      if (row === undefined) continue
      rows.count += 1
      rows.bytes += record.bytes?.length ?? 0
      if (row.kind === 'unreadable') rows.unreadable.push(refused(record.line, row.message))
      else {
        rows.items.push(row.item)
        rows.lines.push(record.line)
      }
      if (rows.count < AT_ONCE && rows.bytes < BYTES_AT_ONCE) continue
      yield { ...rows, next }
      rows = noRows()
    }
  }
  if (rows.count > 0) yield { ...rows, next }
}

function noRows() {
  return { count: 0, bytes: 0, items: [] as unknown[], lines: [] as number[], unreadable: [] as RefusedLine[] }
}

function refused(line: number, message: string): RefusedLine {
  return { line, id: null, code: 'malformed_record', message }
}

async function* rawRecords(path: string, format: Format, from: Place): AsyncGenerator<RawRecord[]> {
  const splitter = recordSplitter(from, format === 'csv')
  const chunks: AsyncIterable<Buffer> = createReadStream(path, { start: from.offset, highWaterMark: CHUNK_BYTES })
  for await (const chunk of chunks) yield splitter.push(chunk)
  const last = splitter.end()
  if (last) yield [last]
}

type Row = { readonly kind: 'row'; readonly item: unknown } | { readonly kind: 'unreadable'; readonly message: string }

function readJsonLine(record: RawRecord): Row | undefined {
  const text = textOf(record)
  if (text === undefined) return unreadable(record.bytes ? NOT_UTF8 : TOO_LONG)
  if (text.trim() === '') return undefined
  try {
    return { kind: 'row', item: JSON.parse(text) }
  } catch {
    return unreadable('The line is not valid JSON.') // its message quotes the line
  }
}

function readCsv(record: RawRecord, columns: CsvColumns): Row | undefined {
  if (!record.closed) return unreadable('A quote that is opened here is never closed, so nothing below it was read.')
  const text = textOf(record)
  if (text === undefined) return unreadable(record.bytes ? NOT_UTF8 : TOO_LONG)
  if (text === '') return undefined
  const cells = csvCells(text)
  if (!cells) return unreadable('A cell with a quote in it must stand in quotes, the inner one twice.')
  const item = columns.toTouchpoint(cells)
  if (!item) return undefined
  const { length } = columns.names
  if (cells.length !== length) return unreadable(`The row has ${cells.length} cells, the header has ${length}.`)
  return { kind: 'row', item }
}

const NOT_UTF8 = 'The line is not valid UTF-8.'
const TOO_LONG = 'The line is longer than 10 MB.'

function unreadable(message: string): Row {
  return { kind: 'unreadable', message }
}

/** Strictly, since a silently replaced character would end up in the CRM. */
function textOf({ bytes }: RawRecord): string | undefined {
  return bytes && isUtf8(bytes) ? bytes.toString() : undefined
}
