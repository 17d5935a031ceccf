import { parentPort, workerData } from 'node:worker_threads'
import { openStore } from './store.ts'
import { type Call, PACKED, packError, type Reply, type StoreThreadData } from './thread-protocol.ts'

// The thread that owns a SQLite database: opens it, and answers the calls of `threadedStore`.

const { databaseUrl, options } = workerData as StoreThreadData
const port = parentPort
if (!port) throw new Error('store-thread.ts runs as a thread of threaded-store.ts')
const reply = (message: Reply) => port.postMessage(message)

try {
  const store = await openStore(databaseUrl, options)
  port.on('message', async ({ number, path, args }: Call) => {
    const packing = PACKED[path.join('.')]
    try {
      const result = await call(store, path, (packing?.args ? packing.args.unpack(args) : args) as readonly unknown[])
      reply({ number, result: packing?.result ? packing.result.pack(result) : result })
    } catch (error) {
      reply({ number, error: packError(error) })
    }
    if (path[0] === 'close') port.close()
  })
  reply({ number: 0 })
} catch (error) {
  reply({ number: 0, error: packError(error) })
}

function call(target: unknown, path: readonly string[], args: readonly unknown[]): unknown {
  const [name = '', ...rest] = path
  const member: unknown = (target as Record<string, unknown>)[name]
  if (rest.length > 0) return call(member, rest, args)
  return (member as (...given: readonly unknown[]) => unknown).apply(target, [...args])
}
