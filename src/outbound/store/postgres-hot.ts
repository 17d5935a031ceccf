import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type { Tables } from '../../../db/schema.ts'
import type { Dialect, Queries } from './dialect.ts'

/** The statements that run for every touchpoint, with an array for each column instead of a parameter for each value. */
export function postgresHot({ touchpoints }: Tables): Pick<Dialect, 'insertNew' | 'settlePushed'> {
  const { id, hash, payload, acceptedAt } = touchpoints
  return {
    insertNew: (q, versions) => {
      const keys = sql.param(versions.map(({ key }) => key))
      const connectionNos = sql.param(versions.map(({ connectionNo }) => connectionNo))
      const ids = sql.param(versions.map((version) => id.mapToDriverValue(version.id)))
      const hashes = sql.param(versions.map((version) => hash.mapToDriverValue(version.hash)))
      const payloads = sql.param(versions.map((version) => payload.mapToDriverValue(version.payload)))
      const superseded = sql.param(versions.map((version) => version.superseded))
      const times = sql.param(versions.map((version) => acceptedAt.mapToDriverValue(version.acceptedAt)))
      return keysOf(
        q,
        sql`insert into ${touchpoints}
            (key, connection_no, id, hash, payload, state, attempts, superseded, accepted_at)
          select key, connection_no, id, hash, payload, 'waiting', 0, superseded, accepted_at
          from unnest(${keys}::bigint[], ${connectionNos}::integer[], ${ids}::text[], ${hashes}::text[], ${payloads}::text[],
              ${superseded}::integer[], ${times}::timestamptz[])
            as version (key, connection_no, id, hash, payload, superseded, accepted_at)
          on conflict do nothing returning key`,
      )
    },
    settlePushed: async (q, keys, at) => {
      const settled = await q
        .update(touchpoints)
        .set({ state: 'pushed', settledAt: at, dueAt: null, code: null, message: null, field: null })
        .where(and(sql`${touchpoints.key} = any(${sql.param(keys)}::bigint[])`, eq(touchpoints.state, 'waiting')))
        .returning({ key: touchpoints.key })
      return settled.map(({ key }) => key)
    },
  }
}

/** Both drivers answer a raw statement with `rows`; a bigint is text in one and a number in the other. */
async function keysOf(q: Queries, statement: SQL): Promise<number[]> {
  const answer = await (q as unknown as PgDatabase<PgQueryResultHKT>).execute(statement)
  return (answer as { readonly rows: readonly { readonly key: string | number }[] }).rows.map(({ key }) => Number(key))
}
