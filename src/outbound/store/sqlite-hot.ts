import type { Database } from 'better-sqlite3'
import type { Dialect } from './dialect.ts'

/**
 * The two statements that run for every touchpoint, prepared once and run per row. 1,000 of 100,000 rows, committed to a file with
 * synchronous FULL (2026-11-23, 2 shared cores, Node 24, medians): accepted in 2.9 ms, against 29 ms when drizzle builds the
 * statement for each batch; settled in 2.8 ms, against 4.3 ms.
 */
export function sqliteHot(client: Database): Pick<Dialect, 'insertNew' | 'settlePushed'> {
  const insert = once(() =>
    client.prepare(`insert into touchpoints (key, connection_no, id, hash, payload, state, attempts, superseded, accepted_at)
      values (?, ?, ?, ?, ?, 'waiting', 0, ?, ?) on conflict do nothing`),
  )
  const settle = once(() =>
    client.prepare(`update touchpoints set state = 'pushed', settled_at = ?, due_at = null, code = null, message = null, field = null
      where key = ? and state = 'waiting'`),
  )
  return {
    insertNew: (_, versions) =>
      yieldable(() => {
        const inserted: number[] = []
        for (const { key, connectionNo, id, hash, payload, superseded, acceptedAt } of versions) {
          const { changes } = insert().run(key, connectionNo, id, hash, payload, superseded, acceptedAt.getTime())
          if (changes === 1) inserted.push(key)
        }
        return inserted
      }),
    settlePushed: (_, keys, at) => yieldable(() => keys.filter((key) => settle().run(at.getTime(), key).changes === 1)),
  }
}

/** The tables are there only after the migration. */
function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

/** What SQLite's driver of programs takes for a query. Not to be awaited elsewhere. */
function yieldable<T>(all: () => T): PromiseLike<T> {
  return Object.assign(Promise.resolve(), { all }) as unknown as PromiseLike<T>
}
