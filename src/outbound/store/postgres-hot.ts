import { and, eq, inArray } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { Dialect } from './dialect.ts'

/** The statements that run for every touchpoint, plainly. */
export function postgresHot({ touchpoints }: Tables): Pick<Dialect, 'insertNew' | 'settlePushed'> {
  const keysOf = (found: readonly { readonly key: number }[]) => found.map(({ key }) => key)
  return {
    insertNew: (q, versions) =>
      q
        .insert(touchpoints)
        .values(versions.map((version) => ({ ...version, state: 'waiting' as const, attempts: 0 })))
        .onConflictDoNothing()
        .returning({ key: touchpoints.key })
        .then(keysOf),
    settlePushed: (q, keys, at) =>
      q
        .update(touchpoints)
        .set({ state: 'pushed', settledAt: at, dueAt: null, code: null, message: null, field: null })
        .where(and(inArray(touchpoints.key, [...keys]), eq(touchpoints.state, 'waiting')))
        .returning({ key: touchpoints.key })
        .then(keysOf),
  }
}
