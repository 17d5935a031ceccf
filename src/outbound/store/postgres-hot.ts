import { type SQL, sql } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type { Tables } from '../../../db/schema.ts'
import type { Dialect, Queries } from './dialect.ts'

/** The statements that run for every touchpoint, with an array for each column instead of a parameter for each value. */
export function postgresHot({ touchpointIds, segments, bodies }: Tables): Pick<Dialect, 'insertIds' | 'insertSegments'> {
  const { id, hash, acceptedAt } = touchpointIds
  return {
    insertIds: (q, versions) => {
      const connectionNos = sql.param(versions.map(({ connectionNo }) => connectionNo))
      const ids = sql.param(versions.map((version) => id.mapToDriverValue(version.id)))
      const keys = sql.param(versions.map(({ key }) => key))
      const itsSegments = sql.param(versions.map(({ segment }) => segment))
      const hashes = sql.param(versions.map((version) => hash.mapToDriverValue(version.hash)))
      const superseded = sql.param(versions.map((version) => version.superseded))
      const times = sql.param(versions.map((version) => acceptedAt.mapToDriverValue(version.acceptedAt)))
      return keysOf(
        q,
        sql`insert into ${touchpointIds} (connection_no, id, key, segment, hash, superseded, accepted_at)
          select connection_no, id, key, segment, hash, superseded, accepted_at
          from unnest(${connectionNos}::integer[], ${ids}::text[], ${keys}::bigint[], ${itsSegments}::bigint[], ${hashes}::text[],
              ${superseded}::integer[], ${times}::timestamptz[])
            as version (connection_no, id, key, segment, hash, superseded, accepted_at)
          on conflict do nothing returning key`,
      )
    },
    insertSegments: async (q, added) => {
      if (added.length === 0) return
      await q.insert(segments).values(added.map(({ body, ...segment }) => segment))
      await q.insert(bodies).values(added.map(({ key, body }) => ({ key, body })))
    },
  }
}

/** Both drivers answer a raw statement with `rows`; a bigint is text in one and a number in the other. */
async function keysOf(q: Queries, statement: SQL): Promise<number[]> {
  const answer = await (q as unknown as PgDatabase<PgQueryResultHKT>).execute(statement)
  return (answer as { readonly rows: readonly { readonly key: string | number }[] }).rows.map(({ key }) => Number(key))
}
