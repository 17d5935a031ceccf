/** All records of a CSV whose lines end with LF, the header first. Null: its quotes are not as they should be. */
export function parseCsv(text: string): string[][] | null {
  const records: string[][] = []
  let record: string[] = []
  let at = text.startsWith('\uFEFF') ? 1 : 0
  while (at < text.length) {
    let cell = ''
    if (text[at] === '"') {
      let end = at + 1
      for (;;) {
        const quote = text.indexOf('"', end)
        if (quote === -1) return null
        cell += text.slice(end, quote)
        end = quote + 1
        if (text[end] !== '"') break
        cell += '"'
        end += 1
      }
      at = end
    } else {
      const end = endOfCell(text, at)
      cell = text.slice(at, end)
      if (cell.includes('"')) return null
      at = end
    }
    record.push(cell)
    if (text[at] === ',') {
      at += 1
      if (at === text.length || text[at] === '\n') record.push('')
    }
    if (at < text.length && text[at] !== '\n' && text[at - 1] !== ',') return null
    if (at >= text.length || text[at] === '\n') {
      records.push(record)
      record = []
      at += 1
    }
  }
  return records
}

function endOfCell(text: string, from: number): number {
  let end = from
  while (end < text.length && text[end] !== ',' && text[end] !== '\n') end += 1
  return end
}

/** As Salesforce writes results: every cell in quotes. */
export function csvOf(records: readonly (readonly string[])[]): string {
  return records.map((record) => `${record.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`).join('')
}
