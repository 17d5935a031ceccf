import { type SQL, sql } from 'drizzle-orm'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type { Tables } from '../../../db/schema.ts'
import type { CostRow, Dialect, Queries } from './dialect.ts'

type Hot = Pick<Dialect, 'insertIds' | 'insertSegments' | 'putCampaigns' | 'putCosts'>

/** The statements that run for every touchpoint and cost, with an array for each column instead of a parameter for each value. */
export function postgresHot({ touchpointIds, segments, bodies, campaigns, costs }: Tables): Hot {
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
    putCampaigns: async (q, told) => {
      if (told.length === 0) return
      const named = lastOfEach(
        told.map((campaign) => ({ ...campaign, id: `${campaigns.id.mapToDriverValue(campaign.id)}` })),
        ({ id }) => id,
      )
      const connectionNos = sql.param(named.map(({ connectionNo }) => connectionNo))
      const ids = sql.param(named.map(({ id }) => id))
      const names = sql.param(named.map(({ name }) => campaigns.name.mapToDriverValue(name)))
      await execute(
        q,
        sql`insert into ${campaigns} as known (connection_no, id, name)
          select * from unnest(${connectionNos}::integer[], ${ids}::text[], ${names}::text[])
          on conflict (connection_no, id) do update set name = excluded.name where known.name <> excluded.name`,
      )
    },
    putCosts: async (q, told) => {
      // What the database can not tell apart is one.
      const stored = (cost: CostRow) => ({ ...cost, campaignId: `${costs.campaignId.mapToDriverValue(cost.campaignId)}` })
      const some = lastOfEach(told.map(stored), ({ day, campaignId }) => `${day} ${campaignId}`)
      const connectionNos = sql.param(some.map(({ connectionNo }) => connectionNo))
      const days = sql.param(some.map(({ day }) => day))
      const campaignIds = sql.param(some.map(({ campaignId }) => campaignId))
      const runs = sql.param(some.map(({ run }) => run))
      const micros = sql.param(some.map((cost) => cost.micros))
      const clicks = sql.param(some.map((cost) => cost.clicks))
      const impressions = sql.param(some.map((cost) => cost.impressions))
      await execute(
        q,
        sql`insert into ${costs} as known (connection_no, day, campaign_id, run, micros, clicks, impressions)
          select * from unnest(${connectionNos}::integer[], ${days}::text[], ${campaignIds}::text[], ${runs}::integer[],
            ${micros}::bigint[], ${clicks}::bigint[], ${impressions}::bigint[])
          on conflict (connection_no, day, campaign_id) do update
          set run = excluded.run, micros = excluded.micros, clicks = excluded.clicks, impressions = excluded.impressions
          where known.run <= excluded.run`,
      )
    },
  }
}

/** Both drivers answer a raw statement with `rows`; a bigint is text in one and a number in the other. */
async function keysOf(q: Queries, statement: SQL): Promise<number[]> {
  const answer = await execute(q, statement)
  return (answer as { readonly rows: readonly { readonly key: string | number }[] }).rows.map(({ key }) => Number(key))
}

function execute(q: Queries, statement: SQL): PromiseLike<unknown> {
  return (q as unknown as PgDatabase<PgQueryResultHKT>).execute(statement)
}

/** A statement must not touch a row twice. In the order of the key, so that no two take the same rows the other way round. */
function lastOfEach<T>(told: readonly T[], keyOf: (row: T) => string): T[] {
  const byKey = new Map(told.map((row) => [keyOf(row), row]))
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}
