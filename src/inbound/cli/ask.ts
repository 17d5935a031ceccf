import { createInterface } from 'node:readline/promises'
import type { Readable } from 'node:stream'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'

export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean }
  readonly output: Writable
}

/** What somebody types without being shown it; piped, the first line. Null: they gave up (Ctrl+C). */
export async function askSecret(question: string, { input, output }: Terminal): Promise<string | null> {
  if (!input.isTTY) return ((await text(input)).split(/\r?\n/)[0] ?? '').trim()
  output.write(question)
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() })
  const typed = await askLine('', { input, output: unseen })
  output.write('\n')
  return typed
}

/** True for a typed yes. Nobody is there to type it: false. */
export async function askYes(question: string, terminal: Terminal): Promise<boolean> {
  if (!terminal.input.isTTY) return false
  return (await askLine(question, terminal))?.toLowerCase() === 'yes'
}

async function askLine(question: string, { input, output }: Terminal): Promise<string | null> {
  const lines = createInterface({ input, output, terminal: true })
  const stop = new AbortController()
  lines.once('SIGINT', () => stop.abort())
  try {
    return (await lines.question(question, { signal: stop.signal })).trim()
  } catch (error) {
    if (stop.signal.aborted) return null
    throw error
  } finally {
    lines.close()
  }
}
