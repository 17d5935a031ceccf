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
