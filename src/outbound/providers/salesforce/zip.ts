import { crc32 } from 'node:zlib'

interface ZipFile {
  readonly name: string
  readonly text: string
}

const LOCAL_HEADER = 0x04034b50
const CENTRAL_HEADER = 0x02014b50
const END_OF_DIRECTORY = 0x06054b50
/** 2.0, and names in UTF-8 (bit 11). */
const VERSION = 20
const UTF8_NAMES = 0x0800
/** 1980-01-01 00:00: the first day that the form knows, so that the same files make the same bytes. */
const DATE = 0x0021

/** Files stored without compression, which the Metadata API takes as well; ours are small. APPNOTE.TXT 6.3.10, 4.3.7 to 4.3.16. */
export function zip(files: readonly ZipFile[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const file of files) {
    const name = Buffer.from(file.name)
    const content = Buffer.from(file.text)
    const shared = sharedHeader(name, content)
    const local = Buffer.concat([word(LOCAL_HEADER), shared, name, content])
    directory.push(Buffer.concat([word(CENTRAL_HEADER), half(VERSION), shared, Buffer.alloc(10), word(offset), name]))
    parts.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  const count = half(files.length)
  const end = [word(END_OF_DIRECTORY), half(0), half(0), count, count, word(central.length), word(offset), half(0)]
  return Buffer.concat([...parts, central, ...end])
}

/** What the header before a file and its entry in the directory have in common, up to the length of the extra field. */
function sharedHeader(name: Buffer, content: Buffer): Buffer {
  const sizes = [word(crc32(content)), word(content.length), word(content.length)]
  return Buffer.concat([half(VERSION), half(UTF8_NAMES), half(0), half(0), half(DATE), ...sizes, half(name.length), half(0)])
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
