import type { CrmRecord, ObjectMapping } from '../../../domain/crm.ts'

/**
 * What a cell says that is to be emptied; an empty cell leaves the field as it is, and a text that reads so can't be told.
 * https://developer.salesforce.com/docs/platform/api-asynch/guide/datafiles-prepare-csv.html (2026-11)
 */
const EMPTIED = '#N/A'
const LIKE_EMPTIED = /^\s*#n\/a\s*$/i

/**
 * Of one field, and of all fields of one record.
 * https://developer.salesforce.com/docs/platform/salesforce-app-limits-cheatsheet/guide/salesforce-app-limits-platform-bulkapi.html (2026-11)
 */
const FIELD_CHARS = 32_000
const RECORD_CHARS = 400_000

/** Far above what a record may have with what Salesforce says of it. */
const LONGEST_RECORD = 4_000_000

/** Every field that a record of the mapping may have, the external id first. */
export function columnsOf({ externalIdField, fields, custom }: ObjectMapping): readonly string[] {
  return [...new Set([externalIdField, ...Object.values(fields), ...custom])]
}

export function csvHeader(columns: readonly string[]): string {
  return `${columns.join(',')}\n`
}

/**
 * One line of a job's CSV (RFC 4180, LF); the only guarded thing is that it says exactly what the record says. `null`: it can't,
 * or a limit of a job is passed. A carriage return in a value makes Salesforce refuse the line ends of the whole job.
 */
export function csvLine(columns: readonly string[], record: CrmRecord): string | null {
  const cells: string[] = []
  for (const column of columns) {
    const cell = csvCell(record[column])
    if (cell === null) return null
    cells.push(cell)
  }
  const line = `${cells.join(',')}\n`
  return cells[0] === '' || cells[0] === EMPTIED || line.length > RECORD_CHARS ? null : line
}

function csvCell(value: CrmRecord[string] | undefined): string | null {
  if (value === undefined) return ''
  if (value === null || value === '') return EMPTIED
  if (typeof value !== 'string') return String(value)
  if (value.length > FIELD_CHARS || LIKE_EMPTIED.test(value) || /[\r\0]/.test(value) || !value.isWellFormed()) return null
  return /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
}

/** The records of a CSV as it comes in, the header first. One whose quotes are not as they should be has no cells. Throws when one does not end. */
export async function* csvRecords(text: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  let rest = ''
  let scanned = 0
  let inQuotes = false
  for await (const chunk of text) {
    rest += chunk
    for (let end = rest.indexOf('\n', scanned); end !== -1; end = rest.indexOf('\n', scanned)) {
      if (oddQuotes(rest, scanned, end)) inQuotes = !inQuotes
      scanned = end + 1
      if (inQuotes) continue
      if (end > 0) yield csvCells(rest.slice(0, end))
      rest = rest.slice(scanned)
      scanned = 0
    }
    if (rest.length > LONGEST_RECORD) throw new Error('a record of a CSV does not end')
  }
  if (rest !== '') yield csvCells(rest)
}

function oddQuotes(text: string, from: number, to: number): boolean {
  let odd = false
  for (let at = text.indexOf('"', from); at !== -1 && at < to; at = text.indexOf('"', at + 1)) odd = !odd
  return odd
}

const CELL = /"((?:[^"]|"")*)"|([^",]*)/y

function csvCells(record: string): readonly string[] {
  const line = record.endsWith('\r') ? record.slice(0, -1) : record
  if (!line.includes('"')) return line.split(',')
  const cells: string[] = []
  for (let at = 0; ; at++) {
    CELL.lastIndex = at
    const [all = '', quoted, plain = ''] = CELL.exec(line) ?? []
    cells.push(quoted?.replaceAll('""', '"') ?? plain)
    at += all.length
    if (at === line.length) return cells
    if (line[at] !== ',') return []
  }
}
