import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvCells } from '../../../src/inbound/cli/import/csv-cells.ts'
import { readHeader } from '../../../src/inbound/cli/import/csv-columns.ts'
import { type RawRecord, recordSplitter } from '../../../src/inbound/cli/import/split-records.ts'

/** RFC 4180, written the other way round: quotes where they must be, or everywhere. */
function write(rows: readonly (readonly string[])[], end: string, quoteAll: boolean): string {
  const cell = (text: string) => (quoteAll || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  return rows.map((row) => row.map(cell).join(',') + end).join('')
}

/** The file in pieces, cut at these places. */
function pieces(file: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (file.length + 1)).sort((a, b) => a - b), file.length]
  return places.slice(1).map((end, index) => file.subarray(places[index], end))
}

function split(chunks: readonly Buffer[], quotes: boolean, from = { offset: 0, line: 1 }): RawRecord[] {
  const splitter = recordSplitter(from, quotes)
  const last = [...chunks.flatMap((chunk) => splitter.push(chunk))]
  const end = splitter.end()
  return end ? [...last, end] : last
}

const cell = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'ü', '😀', ';') }),
  fc.string({ unit: 'grapheme' }),
)
const table = fc
  .integer({ min: 1, max: 5 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 12 }))
  // A row of one empty cell is an empty line.
  .map((rows) => rows.filter((row) => row.length > 1 || row[0] !== ''))
const cuts = fc.array(fc.nat(), { maxLength: 8 })

describe('reading CSV', () => {
  test('gives back what was written, whatever pieces the file comes in', () => {
    fc.assert(
      fc.property(
        table,
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.boolean(),
        cuts,
        (rows, end, quoteAll, cutEnd, places) => {
          const whole = write(rows, end, quoteAll)
          const file = Buffer.from(cutEnd && rows.length > 0 ? whole.slice(0, -end.length) : whole)
          const records = split(pieces(file, places), true)
          expect(records.map(({ bytes }) => csvCells(String(bytes)))).toEqual(rows)
          expect(records.every(({ closed }) => closed)).toBe(true)
        },
      ),
      { numRuns: 500 },
    )
  })

  test('goes on from where any record ends as if it had never stopped', () => {
    fc.assert(
      fc.property(table, cuts, fc.nat(), (rows, places, pick) => {
        const file = Buffer.from(write(rows, '\r\n', false))
        const records = split(pieces(file, places), true)
        const stopped = records[pick % Math.max(records.length, 1)]
        if (!stopped) return
        const rest = split([file.subarray(stopped.next.offset)], true, stopped.next)
        expect(rest).toEqual(records.slice(records.indexOf(stopped) + 1))
        expect(stopped.next.line).toBe(1 + file.subarray(0, stopped.next.offset).filter((byte) => byte === 0x0a).length)
      }),
      { numRuns: 300 },
    )
  })

  test('never fails on bytes of any kind, and loses none of them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), cuts, fc.boolean(), (bytes, places, quotes) => {
        const file = Buffer.from(bytes)
        const records = split(pieces(file, places), quotes)
        expect(records.at(-1)?.next.offset ?? 0).toBe(file.length)
        for (const record of records) csvCells(String(record.bytes))
      }),
      { numRuns: 300 },
    )
  })

  test.each([
    ['a "b",c', undefined],
    ['"a" ,b', undefined],
    ['"a', undefined],
    ['"a""b","c,d"', ['a"b', 'c,d']],
    ['"",', ['', '']],
    ['', ['']],
  ])('%s is %j', (record, cells) => {
    expect(csvCells(record)).toEqual(cells)
  })

  test('a quote that is never closed is told at the line that opened it', () => {
    const [, second] = split([Buffer.from('id,medium\n1,"cpc\n2,cpc\n')], true)
    expect(second).toMatchObject({ line: 2, closed: false })
  })

  test('a record too long to keep is passed over, and the next one is found', () => {
    const long = Buffer.alloc(4_000_000, 'x')
    const records = split([Buffer.from('a\n"'), long, long, long, Buffer.from('"\nb\n')], true)
    expect(records.map(({ line, bytes }) => [line, bytes?.toString()])).toEqual([
      [1, 'a'],
      [2, undefined],
      [3, 'b'],
    ])
  })
})

describe('the columns', () => {
  test('become touchpoints: empty cells are absent, and nothing but text', () => {
    const read = readHeader([' id ', 'occurredAt', 'person.email', 'custom.Score__c', 'custom.Region__c', 'medium'])
    if (read.kind !== 'columns') throw new Error(read.problems.join(' '))
    const { toTouchpoint } = read.columns
    expect(toTouchpoint(['1', '2026-11-20T10:00:00Z', 'a@b.example', '007', 'true', ''])).toEqual({
      id: '1',
      occurredAt: '2026-11-20T10:00:00Z',
      person: { email: 'a@b.example' },
      custom: { Score__c: '007', Region__c: 'true' },
    })
    expect(toTouchpoint(['1', '2026-11-20T10:00:00Z', '', '', '', ''])).toEqual({ id: '1', occurredAt: '2026-11-20T10:00:00Z' })
    expect(toTouchpoint(['', '', '', '', '', ''])).toBeUndefined()
  })

  test.each<[string[], RegExp[]]>([
    [
      ['id', 'occuredAt', 'mediun'],
      [/"occuredAt".*"occurredAt"/, /"mediun".*"medium"/, /no column "occurredAt"/],
    ],
    [['id', 'occurredAt', 'email'], [/"email".*"person\.email"/]],
    [['id', 'occurredAt', 'Region__c'], [/"custom\.Region__c"/]],
    [['id', 'occurredAt', 'custom.__proto__'], [/"custom\.__proto__"/]],
    [['id', 'occurredAt', 'person'], [/"person"/]],
    [['id', 'occurredAt', ''], [/no name/]],
    [['id', 'occurredAt', 'id'], [/"id" is there twice/]],
    [['id;occurredAt;medium'], [/separated by ";"/]],
    [['id\toccurredAt'], [/tabs/]],
  ])('%j are refused by name', (header, words) => {
    const read = readHeader(header)
    const problems = read.kind === 'problems' ? read.problems : []
    expect(problems).toHaveLength(words.length)
    for (const [index, word] of words.entries()) expect(problems[index]).toMatch(word)
  })
})
