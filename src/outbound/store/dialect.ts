import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'
import type { Tables } from '../../../db/schema.ts'
import type { NewSegment } from './segments.ts'

/** The query builders both databases share. SQLite's types are the base because they are the poorer ones. */
export type Queries = Pick<BaseSQLiteDatabase<'async', unknown>, 'select' | 'selectDistinct' | 'insert' | 'update' | 'delete'>

/** Part of a program: a generator that yields queries and is given their rows. */
export type Steps<T> = Generator<PromiseLike<unknown>, T, unknown>

/**
 * Several statements that commit together. A generator, because SQLite's driver is synchronous and PostgreSQL's is not: the
 * dialect drives it, and nothing but a query can be yielded, so nothing slow or remote fits inside. It may be run again from
 * its start, so it keeps nothing outside itself.
 */
export type Program<T> = (q: Queries) => Steps<T>

/** Runs one statement of a program. Writes end in `.returning()`. */
export function* rows<T>(query: PromiseLike<T>): Steps<T> {
  return (yield query) as T
}

/** Runs one write of a program without `.returning()`: of rows that may be very many none is held. */
export function* noRows(write: PromiseLike<unknown> & { run(): unknown }): Steps<void> {
  yield Object.assign(write, { all: () => write.run() })
}

export type IdRow = Tables['touchpointIds']['$inferSelect']
export type CampaignRow = Tables['campaigns']['$inferSelect']
export type CostRow = Tables['costs']['$inferSelect']

/**
 * What differs between the databases. Programs take row locks in the order choices, connections, grants, backlogs, what hangs on
 * those, card turns, outages, escalations, holds, catch-ups, messages, so that no two of them wait for each other.
 */
export interface Dialect {
  readonly tables: Tables
  readonly queries: Queries
  /** `rows`: how many it writes, roughly; small ones may be committed together. */
  atomically<T>(program: Program<T>, rows?: number): Promise<T>
  /** PostgreSQL: FOR UPDATE SKIP LOCKED. SQLite has one writer and needs none. */
  skipLocked<Q extends object>(query: Q): Q
  /** Hot: stores those whose id the connection does not have yet. Answers their keys. */
  insertIds(q: Queries, versions: readonly IdRow[]): PromiseLike<number[]>
  /** Hot: stores segments with their bodies. */
  insertSegments(q: Queries, segments: readonly NewSegment[]): PromiseLike<unknown>
  /** Hot: stores campaigns, each told once, or their new names. */
  putCampaigns(q: Queries, campaigns: readonly CampaignRow[]): PromiseLike<unknown>
  /** Hot: stores costs, of which one may be told twice and the last counts. What a later run has told stays. */
  putCosts(q: Queries, costs: readonly CostRow[]): PromiseLike<unknown>
  /**
   * A bounded step of giving back free pages; true while there are more than the next writes need. SQLite keeps them in the file
   * for ever unless it is asked. PostgreSQL: nothing to do, its autovacuum does it.
   */
  giveBackSpace(): Promise<boolean>
  close(): Promise<void>
}
