import { DAY_MS, HOUR_MS, later } from '../../../clock.ts'
import { addDays, dayIn } from '../../../domain/day.ts'
import type { AccountRef, Asked, Tokens } from '../../../domain/provider.ts'
import { asRecord, asText, type JsonRecord } from '../json.ts'
import { instantIn, utcText } from './account-time.ts'
import { isAdName, NOT_REMOVED } from './ads.ts'
import type { AdsApi } from './api.ts'
import { COST_REACH } from './costs.ts'
import { timeZoneOf } from './describe-account.ts'
import { unreadableRow } from './take-rows.ts'

/**
 * Which ads were created since then, by name, with the earliest time that Google tells. An ad has no creation time of its own
 * (ad.proto, ad_group_ad.proto). Three things tell of it, and each misses some:
 * - `change_status` holds the last change of an ad, for 90 days: created, if nothing changed since.
 * - `change_event` holds every change that was made in the user interface or over the API, for 30 days.
 * - An ad that was shown since then and never before is taken for new, by its first day. One that nobody has seen has no clicks
 *   either. It is asked for when `since` lies further back than the changes do.
 * Changes show after up to 3 minutes. google/ads/googleads/v25/resources/{change_status,change_event}.proto (read 2026-11-24)
 */
export async function createdSince(asking: Asking): Promise<Asked<ReadonlyMap<string, Date>>> {
  const { api, tokens, account, since, now } = asking
  const noted = new Map<string, string>()
  let isBeyond = later(since, EVENTS_LAST_MS - ANY_ZONE_MS) < now
  for (const log of LOGS) {
    const asked = await readLog(asking, log, noted)
    if (asked.kind !== 'ok' && asked.code !== 'START_DATE_TOO_OLD') return asked
    isBeyond ||= asked.kind !== 'ok'
  }
  if (noted.size === 0 && !isBeyond) return { kind: 'ok', value: new Map() }
  const zone = await timeZoneOf(api, tokens, account)
  if (zone.kind !== 'ok') return zone
  const created = isBeyond ? await firstShownSince(asking, zone.value) : null
  if (created && created.kind !== 'ok') return created
  const found = new Map(created?.value)
  for (const [name, local] of noted) {
    const at = instantIn(zone.value, local)
    if (at === null) return unreadableRow()
    if (at >= since) found.set(name, at > now ? now : at)
  }
  return { kind: 'ok', value: found }
}

interface Asking {
  readonly api: AdsApi
  readonly tokens: Tokens
  readonly account: AccountRef
  readonly since: Date
  readonly now: Date
}

interface Log {
  readonly lastsMs: number
  readonly timeField: string
  readonly where: string
  readonly select: readonly string[]
  read(row: JsonRecord): { readonly name: unknown; readonly at: unknown }
}

const EVENTS_LAST_MS = 29 * DAY_MS

/** A day less than Google keeps them: where its first day begins is not told, and an older one is refused (START_DATE_TOO_OLD). */
const LOGS: readonly Log[] = [
  {
    lastsMs: 89 * DAY_MS,
    timeField: 'change_status.last_change_date_time',
    where: "change_status.resource_type = 'AD_GROUP_AD' AND change_status.resource_status = 'ADDED'",
    select: ['change_status.ad_group_ad', 'change_status.resource_type', 'change_status.resource_status'],
    read({ changeStatus }) {
      const { adGroupAd, lastChangeDateTime } = asRecord(changeStatus)
      return { name: adGroupAd, at: lastChangeDateTime }
    },
  },
  {
    lastsMs: EVENTS_LAST_MS,
    timeField: 'change_event.change_date_time',
    where: "change_event.change_resource_type = 'AD_GROUP_AD' AND change_event.resource_change_operation = 'CREATE'",
    select: ['change_event.change_resource_name', 'change_event.change_resource_type', 'change_event.resource_change_operation'],
    read({ changeEvent }) {
      const { changeResourceName, changeDateTime } = asRecord(changeEvent)
      return { name: changeResourceName, at: changeDateTime }
    },
  },
]

/** change_status_error.proto and change_event_error.proto (v25): both ends of the time must be named, and a limit of 10,000 at most. */
const LIMIT = 10_000

/** Clocks of the world are at most 14 h ahead and 12 h behind: what is too much is sorted out when the account's zone is known. */
const ANY_ZONE_MS = 15 * HOUR_MS

/** Reads on from the last time whenever the limit cuts off the rest. What comes twice counts once, with its earliest time. */
async function readLog(asking: Asking, log: Log, noted: Map<string, string>): Promise<Asked<null>> {
  const { api, tokens, account, since, now } = asking
  const start = Math.max(since.getTime() - ANY_ZONE_MS, now.getTime() - log.lastsMs)
  const end = utcText(later(now, ANY_ZONE_MS))
  let from = utcText(new Date(start))
  for (;;) {
    let [last, count] = ['', 0]
    const query =
      `SELECT ${[log.timeField, ...log.select].join(', ')} FROM ${log.timeField.split('.')[0]} ` +
      `WHERE ${log.timeField} BETWEEN '${from}' AND '${end}' AND ${log.where} ORDER BY ${log.timeField} LIMIT ${LIMIT}`
    const asked = await api.stream(tokens, account, query, async (rows) => {
      for (const row of rows) {
        const { name, at } = log.read(row)
        const local = asText(at)
        if (!isAdName(name) || local === null) return unreadableRow()
        const known = noted.get(name)
        if (known === undefined || local < known) noted.set(name, local)
        last = local
        count += 1
      }
      return undefined
    })
    if (asked.kind !== 'ok' || count < LIMIT) return asked
    from = last > from ? last : nextMicrosecond(last)
  }
}

/**
 * A whole answer of one and the same time: one request, which creates 10,000 ads at most (…/best-practices/quotas, 2026-11), so there
 * are no more of that time.
 */
function nextMicrosecond(local: string): string {
  const [, second = '', fraction = ''] = /^(.{19})(?:\.(\d*))?$/.exec(local) ?? []
  const micros = Number(fraction.padEnd(6, '0').slice(0, 6)) + 1
  const carried = new Date(Date.parse(`${second.replace(' ', 'T')}Z`) + Math.floor(micros / 1_000_000) * 1000)
  return `${utcText(carried)}.${String(micros % 1_000_000).padStart(6, '0')}`
}

/** By name, the first day on which they were shown, if there was none before. What was shown on the day of `since` came after it. */
async function firstShownSince(asking: Asking, timeZone: string): Promise<Asked<ReadonlyMap<string, Date>>> {
  const { api, tokens, account, since, now } = asking
  const today = dayIn(timeZone, now)
  const earliest = addDays(today, -COST_REACH.reachDays)
  const from = dayIn(timeZone, since) > earliest ? dayIn(timeZone, since) : earliest
  const shown = new Map<string, Date>()
  const query = (select: string, days: string, order: string) =>
    `SELECT ${select} FROM ad_group_ad WHERE segments.date BETWEEN ${days} AND metrics.impressions > 0 AND ${NOT_REMOVED}${order}`
  const during = query('ad_group_ad.resource_name, segments.date', `'${from}' AND '${today}'`, ' ORDER BY segments.date')
  const found = await api.stream(tokens, account, during, async (rows) => {
    for (const { adGroupAd, segments } of rows) {
      const name = asRecord(adGroupAd).resourceName
      const at = instantIn(timeZone, `${asText(asRecord(segments).date)} 00:00:00`)
      if (!isAdName(name) || at === null) return unreadableRow()
      const first = at > since ? at : later(since, 1)
      const known = shown.get(name)
      if (known === undefined || first < known) shown.set(name, first)
    }
    return undefined
  })
  if (found.kind !== 'ok') return found
  if (from === earliest || shown.size === 0) return { kind: 'ok', value: shown }
  const before = query('ad_group_ad.resource_name', `'${earliest}' AND '${addDays(from, -1)}'`, '')
  const known = await api.stream(tokens, account, before, async (rows) => {
    for (const { adGroupAd } of rows) shown.delete(asText(asRecord(adGroupAd).resourceName) ?? '')
    return undefined
  })
  return known.kind === 'ok' ? { kind: 'ok', value: shown } : known
}
