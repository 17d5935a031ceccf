import { Readable } from 'node:stream'
import type { RejectsPage, RejectsReader } from '../../domain/outbox/read-rejects.ts'
import type { Reject } from '../../domain/outbox/reject.ts'
import { csvLine } from './csv.ts'

const COLUMNS = ['id', 'code', 'message', 'field', 'acceptedAt', 'settledAt', 'attempts', 'payload']
/** Without it Excel takes UTF-8 for its own code page. */
const BYTE_ORDER_MARK = '\uFEFF'

/** A reject as the API shows it. */
export function rejectJson({ id, code, message, field, acceptedAt, settledAt, attempts, payload }: Reject) {
  return {
    id,
    code,
    message,
    field,
    acceptedAt: acceptedAt.toISOString(),
    settledAt: settledAt.toISOString(),
    attempts,
    payload: JSON.parse(payload) as Record<string, unknown>,
  }
}

/** All rejects from this page on, one JSON document a line. */
export function rejectLines(reader: RejectsReader, first: RejectsPage): Readable {
  return Readable.from(pages(reader, first, '', (reject) => `${JSON.stringify(rejectJson(reject))}\n`))
}

/** All rejects from this page on as a table. `forPeople`: for a spreadsheet. */
export function rejectTable(reader: RejectsReader, first: RejectsPage, { forPeople }: { readonly forPeople: boolean }): Readable {
  const head = (forPeople ? BYTE_ORDER_MARK : '') + csvLine(COLUMNS)
  return Readable.from(pages(reader, first, head, csvRow))
}

function csvRow({ id, code, message, field, acceptedAt, settledAt, attempts, payload }: Reject): string {
  const cells = [id, code, message, field ?? '', acceptedAt.toISOString(), settledAt.toISOString(), String(attempts), payload]
  return csvLine(cells)
}

/** One piece of text a page, so that a long list is never in memory as a whole. */
async function* pages(
  reader: RejectsReader,
  first: RejectsPage,
  head: string,
  toText: (reject: Reject) => string,
): AsyncGenerator<string> {
  if (head) yield head
  for (let page: RejectsPage | null = first; page; page = page.next === null ? null : await reader.page(page.next)) {
    const text = page.rejects.map(toText).join('')
    if (text) yield text
  }
}
