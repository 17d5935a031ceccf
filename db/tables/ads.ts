import { sql } from 'drizzle-orm'
import { TAG_LEVELS } from '../../src/domain/ads.ts'
import { DAY_STATES } from '../../src/domain/costs/cost-history.ts'
import type { GapCosts, GapTags } from '../../src/domain/gaps/gap.ts'
import type { SeenOverride, SeenTemplate } from '../../src/domain/tags/ad-scan.ts'
import type { Columns } from '../columns.ts'
import { type AccountTables, connectionColumn } from './accounts.ts'
import type { CardTables } from './cards.ts'

/** What ad platforms tell: costs by campaign and day, new ads, and the URL parameters that they carry. */
export function adTables(kit: Columns, accounts: AccountTables, { outages }: CardTables) {
  const { table, index, uniqueIndex, primaryKey, text, oneOf, integer, bigint, boolean, instant, json } = kit

  const connectionId = connectionColumn(kit, accounts)
  const claimable = () => ({
    dueAt: instant('due_at').notNull(),
    leasedBy: text('leased_by'),
    leasedUntil: instant('leased_until'),
    /** Tries that failed since the last one that did not. */
    failures: integer('failures').notNull(),
    trouble: text('trouble'),
    /** When one last did not fail. */
    lastAt: instant('last_at'),
  })

  /** How far the costs of an account are downloaded, and the download under way. */
  const costDownloads = table(
    'cost_downloads',
    {
      connectionId: connectionId().primaryKey(),
      currency: text('currency'),
      timeZone: text('time_zone'),
      /** All days up to it are whole or lost. */
      wholeUpTo: text('whole_up_to'),
      /** When days that may still change were last read again. */
      restatedAt: instant('restated_at'),
      /** Number of the newest download. */
      run: integer('run').notNull(),
      /** Of a download that waits for a report. */
      job: text('job'),
      fromDay: text('from_day'),
      toDay: text('to_day'),
      ...claimable(),
    },
    (t) => [index('cost_downloads_due').on(t.dueAt)],
  )

  const campaigns = table(
    'campaigns',
    {
      /** See `backlogs.no`. */
      connectionNo: integer('connection_no').notNull(),
      id: text('id').notNull(),
      name: text('name').notNull(),
    },
    (t) => [primaryKey({ columns: [t.connectionNo, t.id] })],
  )

  const costs = table(
    'costs',
    {
      connectionNo: integer('connection_no').notNull(),
      day: text('day').notNull(),
      campaignId: text('campaign_id').notNull(),
      /** Number of the download that told it. */
      run: integer('run').notNull(),
      micros: bigint('micros').notNull(),
      clicks: bigint('clicks').notNull(),
      impressions: bigint('impressions').notNull(),
    },
    (t) => [primaryKey({ columns: [t.connectionNo, t.day, t.campaignId] })],
  )

  /** What is known of each day as a whole; written when a download is complete. */
  const costDays = table(
    'cost_days',
    {
      connectionNo: integer('connection_no').notNull(),
      day: text('day').notNull(),
      state: oneOf('state', DAY_STATES).notNull(),
      micros: bigint('micros').notNull(),
      /** Campaigns that cost something. */
      campaigns: integer('campaigns').notNull(),
      at: instant('at').notNull(),
    },
    (t) => [primaryKey({ columns: [t.connectionNo, t.day] })],
  )

  /** What is done about the URL parameters of an account's ads, and the scan for new ones. */
  const adScans = table(
    'ad_scans',
    {
      connectionId: connectionId().primaryKey(),
      /** Ads that were created before are in `ads`. */
      scannedUpTo: instant('scanned_up_to').notNull(),
      isTagging: boolean('is_tagging').notNull(),
      /** What ads are to carry, as a query string. */
      parameters: text('parameters').notNull(),
      settingsAt: instant('settings_at'),
      taggingSince: instant('tagging_since'),
      /** As they were at the last scan, with auto-tagging on. */
      templates: json<readonly SeenTemplate[]>('templates').notNull(),
      /** The first of those that lack something. */
      overrides: json<readonly SeenOverride[]>('overrides').notNull(),
      overridesAt: instant('overrides_at'),
      version: integer('version').notNull(),
      ...claimable(),
    },
    (t) => [index('ad_scans_due').on(t.dueAt)],
  )

  const ads = table(
    'ads',
    {
      connectionId: connectionId(),
      id: text('id').notNull(),
      name: text('name').notNull(),
      campaignId: text('campaign_id').notNull(),
      campaignName: text('campaign_name').notNull(),
      createdAt: instant('created_at').notNull(),
      url: text('url').notNull(),
      /** As it was seen last. */
      parameters: text('parameters').notNull(),
      setBy: oneOf('set_by', TAG_LEVELS),
      seenAt: instant('seen_at').notNull(),
      /** When it first carried all that is wanted; null: it never did. */
      coveredAt: instant('covered_at'),
      /** Why it does not, in plain words. */
      trouble: text('trouble'),
    },
    (t) => [primaryKey({ columns: [t.connectionId, t.id] }), index('ads_created').on(t.connectionId, t.createdAt)],
  )

  /** Every change that Redkey made to URL parameters at a provider, so that each can be undone. */
  const tagChanges = table(
    'tag_changes',
    {
      id: text('id').primaryKey(),
      connectionId: connectionId(),
      target: oneOf('target', ['template', 'ad']).notNull(),
      targetId: text('target_id').notNull(),
      targetName: text('target_name').notNull(),
      /** What was there and what was set: parameters of a template, creatives of an ad. */
      before: text('before').notNull(),
      after: text('after').notNull(),
      /** What was added, as a query string. */
      added: text('added').notNull(),
      at: instant('at').notNull(),
      /** Slack user; null: Redkey itself, since auto-tagging is on. */
      by: text('by'),
      /** Null: the provider's answer was lost. */
      madeAt: instant('made_at'),
      undoneAt: instant('undone_at'),
      undoneBy: text('undone_by'),
    },
    (t) => [index('tag_changes_connection').on(t.connectionId, t.at)],
  )

  /** What an outage of an ad platform left out: the same for it as a catch-up for a CRM. */
  const gaps = table(
    'gaps',
    {
      outageId: text('outage_id')
        .primaryKey()
        .references(() => outages.id),
      connectionId: connectionId(),
      since: instant('since').notNull(),
      until: instant('until').notNull(),
      costs: json<GapCosts>('costs'),
      tags: json<GapTags>('tags'),
      finishedAt: instant('finished_at'),
    },
    (t) => [uniqueIndex('gaps_one_unfinished').on(t.connectionId).where(sql`finished_at is null`)],
  )

  return { costDownloads, campaigns, costs, costDays, adScans, ads, tagChanges, gaps }
}
