import type { Table } from './rows.ts'

/** What people made in an environment, and what of it is not finished. */
export interface Customizations {
  /** In order. */
  readonly made: string[]
  /** Ids by unique name. */
  readonly publishers: Map<string, { readonly id: string; readonly prefix: string }>
  readonly solutions: Map<string, string>
  tableMade(name: string, at: Date): void
  /** "Caching may take 30 seconds": web-api-metadata-operations-sample (2026-11) */
  isTooNew(name: string, now: Date): boolean
  beginIndex(table: Table, column: string): void
  /** Whoever looks at a table finds its new indexes further on the next time. */
  goOnWithIndexes(table: Table): void
}

const CACHED_MS = 30_000

export function customizations(): Customizations {
  const madeAt = new Map<string, Date>()
  const indexing = new Set<string>()
  return {
    made: [],
    publishers: new Map([['bizible2', { id: '2f6f1c3e-0000-4000-8000-000000000001', prefix: 'bizible2' }]]),
    solutions: new Map(),
    tableMade: (name, at) => void madeAt.set(name, at),
    isTooNew: (name, now) => now.getTime() - (madeAt.get(name)?.getTime() ?? 0) < CACHED_MS,
    beginIndex(table, column) {
      table.keys.set(column, 'Pending')
      indexing.add(`${table.seed.name}.${column}`)
    },
    goOnWithIndexes(table) {
      for (const column of table.keys.keys()) {
        if (!indexing.delete(`${table.seed.name}.${column}`)) continue
        const values = [...table.rows.values()].map(({ fields }) => fields[column]).filter((value) => typeof value === 'string')
        const isUnique = new Set(values.map((value) => value.toLowerCase())).size === values.length
        table.keys.set(column, isUnique ? 'Active' : 'Failed')
      }
    },
  }
}
