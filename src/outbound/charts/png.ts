import { Worker } from 'node:worker_threads'

const LONGEST_MS = 10_000

let last: Promise<unknown> = Promise.resolve()

/**
 * Draws an SVG whose only font is "DejaVu Sans", twice as large as it says. In a thread that ends with it: drawing takes 120 ms of
 * one, and 50 MB that would otherwise stay for good (Node 24.21, 2026-11-29). One at a time.
 */
export function toPng(svg: string): Promise<Uint8Array<ArrayBuffer>> {
  const drawn = last.then(
    () => draw(svg),
    () => draw(svg),
  )
  last = drawn
  return drawn
}

async function draw(svg: string): Promise<Uint8Array<ArrayBuffer>> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array<ArrayBuffer>>()
  const thread = new Worker(new URL('./png-thread.ts', import.meta.url), { workerData: svg })
  thread.once('message', resolve)
  thread.once('error', reject)
  thread.once('exit', (code) => reject(new Error(`the thread that draws ended with ${code}`)))
  const late = setTimeout(() => reject(new Error('drawing took too long')), LONGEST_MS)
  try {
    return await promise
  } finally {
    clearTimeout(late)
    await thread.terminate()
  }
}
