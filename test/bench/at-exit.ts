const left = new Set<() => void>()

process.once('exit', () => {
  for (const cleanUp of left) cleanUp()
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

/** Done when the bench ends without having come so far, interrupted for instance; not once the returned function was called. */
export function atExit(cleanUp: () => void): () => void {
  left.add(cleanUp)
  return () => void left.delete(cleanUp)
}
