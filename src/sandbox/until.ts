import { setTimeout as sleep } from 'node:timers/promises'

const ASK_EVERY_MS = 20

/** Asks again and again until `read` gives something (not `undefined`, `null` or `false`). @throws after `withinMs`, naming what was waited for. */
export async function until<T>(what: string, read: () => T | undefined | null | false, withinMs: number): Promise<T> {
  const end = performance.now() + withinMs
  for (;;) {
    const found = read()
    if (found !== undefined && found !== null && found !== false) return found
    if (performance.now() > end) throw new Error(`${what}: not within ${withinMs} ms`)
    await sleep(ASK_EVERY_MS)
  }
}
