import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvRecords } from '../../../../src/outbound/providers/csv-records.ts'
import { columnsOf, csvHeader, csvLine } from '../../../../src/outbound/providers/salesforce/bulk-csv.ts'

const COLUMNS = ['Key__c', 'Name', 'Text__c']

async function* chunks(...texts: string[]): AsyncGenerator<string> {
  for (const text of texts) yield text
}

async function recordsOf(...texts: string[]): Promise<(readonly string[])[]> {
  const records: (readonly string[])[] = []
  for await (const record of csvRecords(chunks(...texts))) records.push(record)
  return records
}

describe('a line', () => {
  test('has the external id first and every field of the mapping once', () => {
    const fields = { medium: 'Medium__c', channel: 'Channel__c', source: 'Medium__c' }
    const columns = columnsOf({ object: 'T__c', externalIdField: 'Key__c', fields, custom: ['Region__c'] })
    expect(columns).toEqual(['Key__c', 'Medium__c', 'Channel__c', 'Region__c'])
    expect(csvHeader(columns)).toBe('Key__c,Medium__c,Channel__c,Region__c\n')
  })

  test.each([
    ['a field that is not there is left empty', { Key__c: 'a' }, 'a,,\n'],
    ['null and no text empty the field', { Key__c: 'a', Name: null, Text__c: '' }, 'a,#N/A,#N/A\n'],
    ['numbers and booleans', { Key__c: 'a', Name: 1.5, Text__c: false }, 'a,1.5,false\n'],
    ['commas, quotes and line ends', { Key__c: 'a,b', Name: 'say "hi"', Text__c: 'x\ny' }, '"a,b","say ""hi""","x\ny"\n'],
    ['nothing against formulas', { Key__c: '=a', Name: '+1', Text__c: '@x' }, '=a,+1,@x\n'],
    ['nothing trimmed', { Key__c: 'a', Name: ' b ', Text__c: '\tc' }, 'a, b ,\tc\n'],
  ])('%s', (_what, record, line) => {
    expect(csvLine(COLUMNS, record)).toBe(line)
  })

  test.each([
    ['a text that would empty the field', { Key__c: 'a', Name: '#N/A' }],
    ['a text that nearly would', { Key__c: 'a', Name: ' #n/a' }],
    ['a carriage return', { Key__c: 'a', Name: 'x\r\ny' }],
    ['a zero character', { Key__c: 'a', Name: 'x\0' }],
    ['half a character', { Key__c: 'a', Name: '\ud83d' }],
    ['a field that is too long', { Key__c: 'a', Name: 'x'.repeat(32_001) }],
    ['no external id', { Name: 'x' }],
    ['an empty external id', { Key__c: '', Name: 'x' }],
  ])('there is none for %s', (_what, record) => {
    expect(csvLine(COLUMNS, record)).toBeNull()
  })

  test('there is none for a record that is too long', () => {
    const columns = ['Key__c', ...Array.from({ length: 13 }, (_, place) => `F${place}`)]
    const record = Object.fromEntries(columns.map((column) => [column, 'x'.repeat(31_000)]))
    expect(csvLine(columns, record)).toBeNull()
  })
})

describe('reading', () => {
  test('records come apart wherever the text is cut', async () => {
    const text = '"a","b"\n"1,2","say ""hi""\nthere"\r\nx,\n\n"",y'
    const whole = await recordsOf(text)
    expect(whole).toEqual([
      ['a', 'b'],
      ['1,2', 'say "hi"\nthere'],
      ['x', ''],
      ['', 'y'],
    ])
    for (let cut = 1; cut < text.length; cut++) expect(await recordsOf(text.slice(0, cut), text.slice(cut))).toEqual(whole)
  })

  test('what was written is read again', async () => {
    const cell = fc.string({ unit: 'binary' }).filter((text) => csvLine(['a'], { a: text }) !== null)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(cell, { minLength: 3, maxLength: 3 })), async (rows) => {
        const lines = rows.map(([a = '', b = '', c = '']) => csvLine(COLUMNS, { Key__c: a, Name: b, Text__c: c }))
        expect(await recordsOf(lines.join(''))).toEqual(rows)
      }),
    )
  })

  test('a record with wrong quotes has no cells, and those after it are read', async () => {
    expect(await recordsOf('"a"x,b\n1,2\n')).toEqual([[], ['1', '2']])
  })

  test('a record that does not end is not collected for ever', async () => {
    const endless = async function* (): AsyncGenerator<string> {
      for (;;) yield 'x'.repeat(100_000)
    }
    await expect(
      (async () => {
        for await (const record of csvRecords(endless())) expect(record).toBeUndefined()
      })(),
    ).rejects.toThrow('does not end')
  })
})
