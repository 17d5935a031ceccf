/** What a spreadsheet takes for a formula, https://owasp.org/www-community/attacks/CSV_Injection (read 2026-11-23). */
const FORMULA = /^[=+\-@\t\r]/

/** One line of CSV for people (RFC 4180). A cell that a spreadsheet would run as a formula gets an apostrophe in front. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(cell).join(',')}\r\n`
}

function cell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
