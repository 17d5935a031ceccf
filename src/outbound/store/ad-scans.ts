import { and, asc, desc, eq, gt, gte, inArray, isNull, lte, or, sql } from 'drizzle-orm'
import type { Tables } from '../../../db/schema.ts'
import type { AdScan } from '../../domain/tags/ad-scan.ts'
import type { AdScanStore } from '../../domain/tags/scan-store.ts'
import { type Dialect, type Queries, rows, type Steps } from './dialect.ts'
import { fillGap } from './gaps.ts'
import { record } from './history.ts'
import { plus, toConnection } from './records.ts'

const RELEASED = { leasedBy: null, leasedUntil: null }
/** Rows of one statement. */
const AT_ONCE = 500

export function adScanStore(dialect: Dialect): AdScanStore {
  const { queries, tables } = dialect
  const { ads, adScans, connections, tagChanges } = tables

  return {
    claim: (now, until, by, limit) =>
      dialect.atomically(function* (q) {
        const works = q.select({ id: connections.id }).from(connections).where(eq(connections.status, 'connected'))
        const due = yield* rows(
          dialect.skipLocked(
            q
              .select({ id: adScans.connectionId })
              .from(adScans)
              .where(
                and(
                  lte(adScans.dueAt, now),
                  or(isNull(adScans.leasedUntil), lte(adScans.leasedUntil, now)),
                  inArray(adScans.connectionId, works),
                ),
              )
              .orderBy(asc(adScans.dueAt), asc(adScans.connectionId))
              .limit(limit),
          ),
        )
        if (due.length === 0) return []
        const ids = due.map(({ id }) => id)
        const claim = { leasedBy: by, leasedUntil: until }
        const claimed = yield* rows(q.update(adScans).set(claim).where(inArray(adScans.connectionId, ids)).returning())
        const found = yield* rows(q.select().from(connections).where(inArray(connections.id, ids)))
        const byId = new Map(found.map((row) => [row.id, toConnection(row)]))
        return claimed.flatMap((row) => {
          const connection = byId.get(row.connectionId)
          return connection ? [{ connection, scan: toScan(row) }] : []
        })
      }),
    renew: async (by, now, until) => {
      const held = and(eq(adScans.leasedBy, by), gt(adScans.leasedUntil, now))
      await queries.update(adScans).set({ leasedUntil: until }).where(held)
    },
    troubledSince: async (before) => {
      const found = await queries
        .select({ connection: connections, scan: adScans })
        .from(adScans)
        .innerJoin(connections, eq(connections.id, adScans.connectionId))
        .where(and(eq(adScans.isTagging, true), eq(connections.status, 'connected'), isNull(connections.unreachableSince)))
        .orderBy(asc(connections.name))
      return found.flatMap(({ connection, scan }) => {
        const said = troubleOf(scan, before)
        return said ? [{ connection: toConnection(connection), ...said }] : []
      })
    },
    find: async (connectionId) => {
      const [row] = await queries.select().from(adScans).where(eq(adScans.connectionId, connectionId))
      return row && toScan(row)
    },
    change: (seen, wanted, at, audit) =>
      dialect.atomically(function* (q) {
        const since = wanted.isTagging ? (seen.taggingSince ?? at) : null
        const begun = { taggingSince: since, ...(seen.taggingSince === null && { scannedUpTo: at }) }
        const [changed] = yield* rows(
          q
            .update(adScans)
            .set({ ...wanted, ...begun, settingsAt: at, version: plus(adScans.version, 1), dueAt: at, failures: 0, ...RELEASED })
            .where(and(eq(adScans.connectionId, seen.connectionId), eq(adScans.version, seen.version)))
            .returning(),
        )
        if (!changed) return undefined
        yield* record(q, tables, audit)
        return toScan(changed)
      }),
    known: async (connectionId, ids) => {
      const found: Tables['ads']['$inferSelect'][] = []
      for (let first = 0; first < ids.length; first += AT_ONCE) {
        const some = and(eq(ads.connectionId, connectionId), inArray(ads.id, ids.slice(first, first + AT_ONCE)))
        found.push(...(await queries.select().from(ads).where(some)))
      }
      return found.map(toAd)
    },
    created: async (connectionId, from, until) => {
      const between = and(eq(ads.connectionId, connectionId), gt(ads.createdAt, from), lte(ads.createdAt, until))
      return (await queries.select().from(ads).where(between).orderBy(asc(ads.createdAt), asc(ads.id))).map(toAd)
    },
    firstUncovered: async (connectionId, since) => {
      const [first] = await queries
        .select({ createdAt: ads.createdAt })
        .from(ads)
        .where(and(eq(ads.connectionId, connectionId), isNull(ads.coveredAt), gte(ads.createdAt, since)))
        .orderBy(asc(ads.createdAt))
        .limit(1)
      return first?.createdAt ?? null
    },
    keep: (seen, by, told) =>
      dialect.atomically(function* (q) {
        if (!(yield* holds(q, tables, seen, by))) return false
        for (let first = 0; first < told.length; first += AT_ONCE) {
          const values = told.slice(first, first + AT_ONCE).map((ad) => ({ ...ad, connectionId: seen.connectionId }))
          yield* rows(
            q
              .insert(ads)
              .values(values)
              .onConflictDoUpdate({ target: [ads.connectionId, ads.id], set: NEWER })
              .returning({ id: ads.id }),
          )
        }
        return true
      }, told.length),
    intend: (seen, by, change) =>
      dialect.atomically(function* (q) {
        if (!(yield* holds(q, tables, seen, by))) return false
        yield* rows(q.insert(tagChanges).values(change).returning({ id: tagChanges.id }))
        return true
      }),
    made: (change, audit) =>
      dialect.atomically(function* (q) {
        const { before, after, madeAt } = change
        const set = { before, after, madeAt }
        yield* rows(q.update(tagChanges).set(set).where(eq(tagChanges.id, change.id)).returning({ id: tagChanges.id }))
        yield* record(q, tables, audit)
      }),
    refused: async (changeId) => {
      await queries.delete(tagChanges).where(eq(tagChanges.id, changeId))
    },
    changes: (connectionId, limit) =>
      dialect.atomically(function* (q) {
        const of = eq(tagChanges.connectionId, connectionId)
        return yield* rows(q.select().from(tagChanges).where(of).orderBy(desc(tagChanges.at), desc(tagChanges.id)).limit(limit))
      }),
    changesOf: (connectionId, targetId) =>
      dialect.atomically(function* (q) {
        const of = and(eq(tagChanges.connectionId, connectionId), eq(tagChanges.targetId, targetId))
        return yield* rows(q.select().from(tagChanges).where(of).orderBy(desc(tagChanges.at), desc(tagChanges.id)))
      }),
    findChange: async (id) => (await queries.select().from(tagChanges).where(eq(tagChanges.id, id)))[0],
    undone: (change, audit) =>
      dialect.atomically(function* (q) {
        const [undone] = yield* rows(
          q
            .update(tagChanges)
            .set({ undoneAt: audit.at, undoneBy: audit.actor })
            .where(and(eq(tagChanges.id, change.id), isNull(tagChanges.undoneAt)))
            .returning({ id: tagChanges.id }),
        )
        if (!undone) return false
        yield* record(q, tables, audit)
        return true
      }),
    fail: (seen, by, trouble, at, dueAt, gap) =>
      dialect.atomically(function* (q) {
        const [failed] = yield* rows(
          q
            .update(adScans)
            .set({ trouble, dueAt, failures: plus(adScans.failures, 1), ...RELEASED })
            .where(mine(tables, seen, by))
            .returning({ id: adScans.connectionId }),
        )
        if (failed && gap) yield* fillGap(q, tables, gap, { tags: gap.tags }, at)
      }),
    complete: (seen, by, { scannedUpTo, templates, overrides, overridesAt, gap, at, dueAt }) =>
      dialect.atomically(function* (q) {
        const seenNow = { templates: [...templates], overrides: [...overrides], overridesAt }
        const [won] = yield* rows(
          q
            .update(adScans)
            .set({ scannedUpTo, ...seenNow, dueAt, failures: 0, trouble: null, lastAt: at, ...RELEASED })
            .where(mine(tables, seen, by))
            .returning({ id: adScans.connectionId }),
        )
        if (!won) return false
        if (gap) yield* fillGap(q, tables, gap, { tags: gap.tags }, at)
        return true
      }),
  }
}

/** Of whoever holds the claim, if it is as it was seen. */
function mine({ adScans }: Tables, { connectionId, version }: AdScan, by: string) {
  return and(eq(adScans.connectionId, connectionId), eq(adScans.version, version), eq(adScans.leasedBy, by))
}

/** Locks it, too, so that nobody takes the claim while what hangs on it is written. */
function* holds(q: Queries, tables: Tables, seen: AdScan, by: string): Steps<boolean> {
  const { adScans } = tables
  const [held] = yield* rows(
    q
      .update(adScans)
      .set({ leasedBy: by })
      .where(mine(tables, seen, by))
      .returning({ id: adScans.connectionId }),
  )
  return held !== undefined
}

const NEWER = {
  name: sql`excluded.name`,
  campaignId: sql`excluded.campaign_id`,
  campaignName: sql`excluded.campaign_name`,
  createdAt: sql`excluded.created_at`,
  url: sql`excluded.url`,
  parameters: sql`excluded.parameters`,
  setBy: sql`excluded.set_by`,
  seenAt: sql`excluded.seen_at`,
  coveredAt: sql`excluded.covered_at`,
  trouble: sql`excluded.trouble`,
}

function troubleOf({ trouble, lastAt, taggingSince, templates }: ScanRow, before: Date) {
  const since = lastAt !== null && taggingSince !== null && lastAt > taggingSince ? lastAt : taggingSince
  if (since === null) return undefined
  if (trouble !== null) return since <= before ? { trouble, since } : undefined
  const lacking = templates.find((template) => template.trouble !== null && !template.isChosen)
  return lacking?.trouble ? { trouble: `${lacking.name}: ${lacking.trouble}`, since } : undefined
}

type ScanRow = Tables['adScans']['$inferSelect']

function toScan({ leasedBy, leasedUntil, ...scan }: ScanRow): AdScan {
  return scan
}

function toAd({ connectionId, ...ad }: Tables['ads']['$inferSelect']) {
  return ad
}
