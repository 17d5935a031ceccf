import { crc32, deflateRawSync } from 'node:zlib'

const LOCAL_HEADER = 0x04034b50
const CENTRAL_HEADER = 0x02014b50
const END_OF_DIRECTORY = 0x06054b50

/** A ZIP with one file. APPNOTE.TXT 6.3.10, 4.3.7 to 4.3.16. */
export function zipOf(name: string, text: string): Buffer {
  const content = Buffer.from(text)
  const packed = deflateRawSync(content)
  const nameBytes = Buffer.from(name)
  // Version 2.0, no flags, deflate, 1980-01-01.
  const shared = Buffer.concat([half(20), half(0), half(8), half(0), half(0x21), word(crc32(content)), word(packed.length)])
  const sizes = Buffer.concat([word(content.length), half(nameBytes.length), half(0)])
  const local = Buffer.concat([word(LOCAL_HEADER), shared, sizes, nameBytes, packed])
  const central = Buffer.concat([word(CENTRAL_HEADER), half(20), shared, sizes, Buffer.alloc(14), nameBytes])
  const end = [word(END_OF_DIRECTORY), half(0), half(0), half(1), half(1), word(central.length), word(local.length), half(0)]
  return Buffer.concat([local, central, ...end])
}

function half(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
