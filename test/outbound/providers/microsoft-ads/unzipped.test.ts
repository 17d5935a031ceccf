import { strToU8, Zip, ZipDeflate, zipSync } from 'fflate'
import { expect, test } from 'vitest'
import { unzipped } from '../../../../src/outbound/providers/microsoft-ads/unzipped.ts'

async function text(zip: Uint8Array, piece = 7): Promise<string> {
  async function* pieces() {
    for (let at = 0; at < zip.length; at += piece) yield zip.subarray(at, at + piece)
  }
  const out: Uint8Array[] = []
  for await (const chunk of unzipped(pieces())) out.push(chunk)
  return Buffer.concat(out).toString()
}

/** As writers that do not know the size beforehand make it: sizes come behind the file. */
function streamedZip(content: string): Uint8Array {
  const out: Uint8Array[] = []
  const zip = new Zip((_error, data) => void out.push(data))
  const file = new ZipDeflate('a.csv')
  zip.add(file)
  file.push(strToU8(content), true)
  zip.end()
  return Buffer.concat(out)
}

const CONTENT = Array.from({ length: 300 }, (_, place) => `row ${place}, ${(place * 7919) % 1000}`).join('\n')

const ZIPS: readonly (readonly [string, Uint8Array])[] = [
  ['packed', zipSync({ 'a.csv': strToU8(CONTENT) })],
  ['stored', zipSync({ 'a.csv': [strToU8(CONTENT), { level: 0 }] })],
  ['packed, with sizes behind', streamedZip(CONTENT)],
]

test.each(ZIPS)('a file that is %s comes out as it went in, in whatever pieces it comes', async (_how, zip) => {
  for (const piece of [1, 7, 1000, zip.length]) expect(await text(zip, piece)).toBe(CONTENT)
})

test.each(ZIPS)('one that is %s and cut anywhere is whole or refused, never less', async (_how, zip) => {
  for (let end = 0; end < zip.length; end += 11) {
    const read = await text(zip.subarray(0, end), 256).catch(() => 'refused')
    expect(['refused', CONTENT], `cut at ${end} of ${zip.length}`).toContain(read)
  }
})

test('an empty file is one, and a ZIP of several files or none is refused', async () => {
  expect(await text(zipSync({ 'a.csv': strToU8('') }))).toBe('')
  await expect(text(zipSync({ 'a.csv': strToU8('a'), 'b.csv': strToU8('b') }))).rejects.toThrow('more than one file')
  await expect(text(zipSync({}))).rejects.toThrow('ends before')
  await expect(text(strToU8('<html></html>'))).rejects.toThrow()
})
