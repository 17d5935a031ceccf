import { setImmediate } from 'node:timers/promises'
import type { Database } from 'better-sqlite3'
import type { Program, Queries, Steps } from './dialect.ts'

/** Rows of one transaction, roughly: whoever waits for the file waits no longer than for these. */
const ROWS = 1000

interface Waiting {
  readonly rows: number
  /** Runs the program; what it answers or throws is told to its caller by `tell`, after the commit. */
  run(): void
  tell(failure: Failure | null): void
}

interface Failure {
  readonly cause: unknown
}

/**
 * Commits programs that come at the same time in one transaction: it is the commit that waits for the disk. One that fails takes
 * back what it did itself; the others are not touched.
 */
export function groupCommit(client: Database, queries: Queries) {
  let queue: Waiting[] = []
  let flushing: Promise<void> | null = null

  async function flush(): Promise<void> {
    while (queue.length > 0) {
      await setImmediate() // those that are asked for in this turn go together
      runGroup(client, nextGroup())
    }
    flushing = null // at once: whoever is told now may ask again before this ends
  }

  function nextGroup(): Waiting[] {
    let rows = 0
    const end = queue.findIndex((one, index) => {
      rows += one.rows
      return index > 0 && rows > ROWS
    })
    const group = end === -1 ? queue : queue.slice(0, end)
    queue = end === -1 ? [] : queue.slice(end)
    return group
  }

  return {
    /** `rows`: how many it writes, roughly. */
    atomically<T>(program: Program<T>, rows = 1): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        let answer: T
        queue.push({
          rows,
          run: () => {
            answer = drive(program(queries))
          },
          tell: (failure) => (failure === null ? resolve(answer) : reject(failure.cause)),
        })
        flushing ??= flush()
      })
    },
    /** Everything that was asked for is committed, or has failed. */
    async idle(): Promise<void> {
      while (flushing !== null) await flushing
    },
  }
}

function runGroup(client: Database, group: readonly Waiting[]): void {
  const [only, ...others] = group
  if (!only) return
  if (others.length === 0) {
    only.tell(attempt(() => client.transaction(only.run).immediate()))
    return
  }
  const failures: (Failure | null)[] = []
  const whole = attempt(() => client.transaction(() => runEach(client, group, failures)).immediate())
  if (whole === null) {
    for (const [index, one] of group.entries()) one.tell(failures[index] ?? null)
  } else if (failures.length === 0) {
    for (const one of group) one.tell(whole)
  } else {
    // The whole transaction was taken back, for a full disk perhaps: each has its own try, and whoever fails is told why.
    for (const one of group) runGroup(client, [one])
  }
}

function runEach(client: Database, group: readonly Waiting[], failures: (Failure | null)[]): void {
  const apart = (run: () => void) => client.transaction(run)() // a savepoint, inside of a transaction
  for (const one of group) {
    failures.push(attempt(() => apart(one.run)))
    if (!client.inTransaction) throw failures.at(-1)?.cause
  }
}

function attempt(run: () => void): Failure | null {
  try {
    run()
    return null
  } catch (cause) {
    return { cause }
  }
}

function drive<T>(steps: Steps<T>): T {
  let step = steps.next()
  while (!step.done) step = steps.next((step.value as unknown as { all(): unknown }).all())
  return step.value
}
