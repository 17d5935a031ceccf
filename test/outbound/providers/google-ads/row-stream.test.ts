import { expect, test } from 'vitest'
import { readRowStream } from '../../../../src/outbound/providers/google-ads/row-stream.ts'

async function* inPieces(text: string, size: number): AsyncGenerator<string> {
  for (let start = 0; start < text.length; start += size) yield text.slice(start, start + size)
}

async function read(text: string, size = 7) {
  const rows: object[] = []
  const around: object[] = []
  for await (const piece of readRowStream(inPieces(text, size))) {
    rows.push(...piece.rows)
    around.push(...piece.around)
  }
  return { rows, around }
}

const ROWS = [
  { a: { name: 'plain' } },
  { a: { name: 'brackets ]}[{ and "quotes" and \\ and \\" and a tail \\' } },
  { list: [[1, 2], [{ deep: [{}] }]], results: ['no rows'] },
  { text: '"results":[', emoji: '🦊\u2028', escaped: '\u0001' },
  {},
]
const BATCHES = [
  { results: ROWS, fieldMask: 'a.name', queryResourceConsumption: '12' },
  { fieldMask: 'a.name', requestId: 'r', nested: { results: [{ no: 'row' }] } },
  { error: { code: 500, details: [{ errors: [{ message: '"results":[]' }] }] } },
  { results: [], requestId: 'r' },
  { requestId: 'r', results: ROWS },
]

test.each([1, 2, 3, 5, 64, 100_000])('reads the same in pieces of %i characters', async (size) => {
  for (const text of [JSON.stringify(BATCHES), JSON.stringify(BATCHES, null, 2), ` \n${JSON.stringify(BATCHES)}\n`]) {
    const { rows, around } = await read(text, size)
    expect(rows).toEqual([...ROWS, ...ROWS])
    expect(around).toEqual(BATCHES.map((batch) => ('results' in batch ? { ...batch, results: [] } : batch)))
  }
})

test('says of every beginning that it is not all', async () => {
  const text = JSON.stringify(BATCHES)
  for (let end = 0; end < text.length; end += 3) await expect(read(text.slice(0, end))).rejects.toThrow(Error)
})

test.each([['{"results":[]}'], ['[{"results":[{"a":1]]'], ['[]{"results":[]}'], ['nothing'], ['[{"a":tru}]']])(
  'does not take %s for rows',
  async (text) => {
    await expect(read(text)).rejects.toThrow(Error)
  },
)

test('does not hold an endless text', async () => {
  async function* endless(): AsyncGenerator<string> {
    yield '[{"results":[{"a":"'
    for (;;) yield 'x'.repeat(100_000)
  }
  await expect(readRowStream(endless()).next()).rejects.toThrow('no list of rows')
})
