/** The cells of one record as RFC 4180 has them, without its line end. Undefined: its quotes are not as they should be. */
export function csvCells(record: string): string[] | undefined {
  if (!record.includes('"')) return record.split(',')
  const cells: string[] = []
  for (let at = 0; ; at++) {
    const cell = record[at] === '"' ? quotedCell(record, at) : plainCell(record, at)
    if (!cell) return undefined
    cells.push(cell.text)
    at = cell.end
    if (at === record.length) return cells
    if (record[at] !== ',') return undefined
  }
}

interface Cell {
  readonly text: string
  /** Index of what follows it. */
  readonly end: number
}

function plainCell(record: string, start: number): Cell | undefined {
  const comma = record.indexOf(',', start)
  const end = comma === -1 ? record.length : comma
  const text = record.slice(start, end)
  return text.includes('"') ? undefined : { text, end }
}

function quotedCell(record: string, start: number): Cell | undefined {
  let text = ''
  for (let from = start + 1; ; ) {
    const quote = record.indexOf('"', from)
    if (quote === -1) return undefined
    text += record.slice(from, quote)
    if (record[quote + 1] !== '"') return { text, end: quote + 1 }
    text += '"'
    from = quote + 2
  }
}
