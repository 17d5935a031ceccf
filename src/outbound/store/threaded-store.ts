import { Worker } from 'node:worker_threads'
import type { Store } from '../../domain/store.ts'
import type { OpenOptions } from './store.ts'
import { type Call, PACKED, type Reply, type StoreThreadData, unpackError } from './thread-protocol.ts'

/**
 * For what lives shortly in the thread. V8 would let it grow to 128 MB on a large machine, since long work fills what it is given;
 * a million costs made it 100 MB larger and not quicker (2026-11-30, Node 24.21, 24 GB).
 */
const YOUNG_MB = 24

interface Caller {
  resolve(result: unknown): void
  reject(error: Error): void
}

/**
 * A store in a thread of its own. SQLite works in the thread that asks it, and waits there for the disk: on the main thread that
 * keeps Slack waiting (its p99 under full load was 28 to 180 ms, and 5 to 13 ms with a thread). Throws what `openStore` does.
 * A thread that ends by an error ends the process.
 */
export async function openThreadedStore(databaseUrl: string, options: OpenOptions): Promise<Store> {
  const data: StoreThreadData = { databaseUrl, options }
  const thread = new Worker(new URL('./start-store-thread.ts', import.meta.url), {
    workerData: data,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  })
  const callers = new Map<number, Caller>()
  let last = 0

  thread.on('message', ({ number, result, error }: Reply) => {
    const caller = callers.get(number)
    callers.delete(number)
    if (error) caller?.reject(unpackError(error))
    else caller?.resolve(result)
  })
  thread.on('exit', () => {
    for (const { reject } of callers.values()) reject(new Error('the thread of the database has ended'))
    callers.clear()
  })

  const answerTo = (number: number) => new Promise<unknown>((resolve, reject) => callers.set(number, { resolve, reject }))

  async function ask(path: readonly string[], args: readonly unknown[]): Promise<unknown> {
    const packing = PACKED[path.join('.')]
    last += 1
    const answer = answerTo(last)
    const message: Call = { number: last, path: packing?.asked ?? path, args: packing?.packArgs?.(args) ?? args }
    thread.postMessage(message)
    return packing?.unpackResult ? packing.unpackResult(await answer) : answer
  }

  await answerTo(0)
  return member([], ask) as Store
}

/** Whatever is asked of it is a member, and called it is that call of the store. But `then` is none: it is no promise. */
function member(path: readonly string[], ask: (path: readonly string[], args: readonly unknown[]) => Promise<unknown>): object {
  const known = new Map<string, object>()
  return new Proxy(() => undefined, {
    get(_, name) {
      if (typeof name !== 'string' || name === 'then') return undefined
      const found = known.get(name) ?? member([...path, name], ask)
      known.set(name, found)
      return found
    },
    apply: (_, __, args: readonly unknown[]) => ask(path, args),
  })
}
