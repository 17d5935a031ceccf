import type { Asked, Verdict } from '../../../domain/provider.ts'
import { csvRecords } from '../csv-records.ts'
import { passes, verdictOf } from '../meaning.ts'
import { unzipped } from './unzipped.ts'

/** Reads one column of a row; empty where the file has no such column. */
export type Row = (column: string) => string

type Taken = 'more' | 'enough' | Verdict

/** A few thousand rows are the most that `take` is given. */
const PAGE = 1000

const BROKEN_OFF = passes('Microsoft Advertising broke off in the middle of a file.')

/**
 * Hands on what is read of a ZIP with one CSV, in pages, while it still comes in. `read` answers a row's value, null for a row that is
 * none of those looked for, or what is wrong with it: then nothing more is read, nor when `take` wants no more. What `take` throws
 * goes on; what the file or the network does is a verdict.
 */
export async function handOn<T>(
  bytes: AsyncIterable<Uint8Array>,
  read: (row: Row) => Asked<T> | null,
  take: (page: readonly T[]) => Promise<Taken>,
): Promise<Asked<null>> {
  const pages = pagesOf(bytes, read)
  try {
    for (;;) {
      const page = await pages.next().catch(() => null) // the file is damaged, or the connection broke
      if (page === null) return verdictOf(BROKEN_OFF, 'file_broken_off', null)
      if (page.done) return { kind: 'ok', value: null }
      if (page.value.kind !== 'ok') return page.value
      const taken = await take(page.value.value)
      if (taken !== 'more') return taken === 'enough' ? { kind: 'ok', value: null } : taken
    }
  } finally {
    await pages.return(undefined).catch(() => undefined) // ends the download
  }
}

async function* pagesOf<T>(
  bytes: AsyncIterable<Uint8Array>,
  read: (row: Row) => Asked<T> | null,
): AsyncGenerator<Asked<readonly T[]>> {
  let page: T[] = []
  for await (const row of rowsOf(bytes)) {
    const value = read(row)
    if (value === null) continue
    if (value.kind !== 'ok') return yield value
    page.push(value.value)
    if (page.length < PAGE) continue
    yield { kind: 'ok', value: page }
    page = []
  }
  if (page.length > 0) yield { kind: 'ok', value: page }
}

/** Throws for a file without a header, and for a row that has not as many cells as the header. */
async function* rowsOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Row> {
  let columns: Map<string, number> | null = null
  for await (const cells of csvRecords(decoded(unzipped(bytes)))) {
    if (columns === null) {
      columns = new Map(cells.map((name, place) => [name, place]))
      continue
    }
    if (cells.length === 1 && cells[0] === '') continue
    if (cells.length !== columns.size) throw new Error('a row of a CSV does not fit its header')
    const places = columns
    yield (column) => cells[places.get(column) ?? -1] ?? ''
  }
  if (columns === null) throw new Error('a CSV has no header')
}

/** Files begin with a byte order mark, which the decoder drops. Throws for what is no UTF-8. */
async function* decoded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true })
  yield decoder.decode()
}
