import { expect, test } from 'vitest'
import { toPng } from '../../../src/outbound/charts/png.ts'

const drawing = (inside: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="18" font-family="DejaVu Sans"><rect width="60" height="18" fill="#fff"/>${inside}</svg>`

test('a drawing becomes a PNG of twice its size', async () => {
  const png = Buffer.from(await toPng(drawing('')))
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([120, 36])
})

test('words are drawn', async () => {
  const [blank, written] = await Promise.all([toPng(drawing('')), toPng(drawing('<text x="2" y="14" font-size="12">EUR</text>'))])
  expect(written.length).toBeGreaterThan(blank.length + 100)
})

test('what is no drawing is refused, and the next one is drawn', async () => {
  const bad = toPng('<svg')
  const good = toPng(drawing(''))
  await expect(bad).rejects.toThrow()
  expect((await good).length).toBeGreaterThan(0)
})
