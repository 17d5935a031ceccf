/** With a byte order mark, as report and bulk files have it; `isQuoted`: every cell, as in reports. */
export function csvOf(rows: readonly (readonly string[])[], isQuoted: boolean): string {
  const cell = (text: string) => (isQuoted || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  return `\uFEFF${rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`
}
