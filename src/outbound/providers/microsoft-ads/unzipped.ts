import { Unzip, type UnzipFile, UnzipInflate } from 'fflate'

/** So little is put in at once that what comes out of it stays small, however well it was packed. */
const PIECE = 16 * 1024

/**
 * The one file in a ZIP, as it comes in. Throws when the ZIP is damaged or ends too early, and for more than one file: nobody would
 * know which one counts.
 */
export async function* unzipped(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const out: Uint8Array[] = []
  const files: UnzipFile[] = []
  let ended = false
  const unzip = new Unzip((file) => {
    files.push(file)
    if (files.length > 1) throw new Error('a ZIP has more than one file')
    file.ondata = (error, data, final) => {
      if (error) throw error
      out.push(data)
      ended = final
    }
    file.start()
  })
  unzip.register(UnzipInflate)
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += PIECE) {
      unzip.push(chunk.subarray(at, at + PIECE))
      yield* out.splice(0)
    }
  }
  unzip.push(new Uint8Array(0), true)
  yield* out.splice(0)
  if (!ended) throw new Error('a ZIP ends before its file does')
}
