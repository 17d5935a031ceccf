/** One request that a fake provider answered. `path` has no query, so no token or code is ever kept. */
interface Call {
  readonly at: Date
  readonly method: string
  readonly path: string
  /** HTTP status; 0 when the connection was dropped instead. */
  readonly status: number
  /** Whose token it was, when it had one that is known. */
  readonly username: string | null
  /** Records in the body of a write. */
  readonly records: number
}

export interface CallLog {
  /** All calls since the start or the last `clear`, also those no longer listed. */
  readonly total: number
  /** The newest calls, oldest first; at least the last 2,000. */
  list(): readonly Call[]
  add(call: Call): void
  clear(): void
}

const KEEP = 2_000

export function callLog(): CallLog {
  let calls: Call[] = []
  let total = 0
  return {
    get total() {
      return total
    },
    list: () => calls,
    add(call) {
      total += 1
      calls.push(call)
      if (calls.length >= 2 * KEEP) calls = calls.slice(-KEEP)
    },
    clear() {
      calls = []
      total = 0
    },
  }
}
