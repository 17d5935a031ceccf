/** The promise's value, or `'late'` after `ms`. The promise itself goes on; a later rejection of it is nobody's business. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | 'late'> {
  const { promise: late, resolve } = Promise.withResolvers<'late'>()
  const timer = setTimeout(() => resolve('late'), ms)
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Sleeps `ms`, or until the signal is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(wake, ms)
  signal.addEventListener('abort', wake)
  function wake(): void {
    clearTimeout(timer)
    signal.removeEventListener('abort', wake)
    resolve()
  }
  if (signal.aborted) wake()
  return promise
}
