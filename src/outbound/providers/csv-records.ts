/** Far above what a record of any provider has. */
const LONGEST_RECORD = 4_000_000

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
