import { DAY_MS, HOUR_MS, later, MINUTE_MS } from '../../clock.ts'
import type { Ad } from '../ads.ts'
import { adPlatform, askAds } from '../ask-ads.ts'
import { accountOf, type Connection } from '../connections/connection.ts'
import { type ObserveDeps, observe } from '../connections/observe.ts'
import { type ProbeDeps, probeAccount } from '../connections/probe-account.ts'
import type { Deps } from '../deps.ts'
import type { Gap, GapTags } from '../gaps/gap.ts'
import { leaseUntil } from '../leases.ts'
import { backoffMs } from '../outbox/backoff.ts'
import type { Asked, Verdict } from '../provider.ts'
import { rationedFor } from '../ration.ts'
import type { AdScan, SeenAd } from './ad-scan.ts'
import { gapTags } from './gap-tags.ts'
import { judgeAd } from './judge-ad.ts'
import { setTemplates, type Templates } from './set-templates.ts'
import type { ScanDeps } from './tag-change.ts'
import { tagNewAds } from './tag-new-ads.ts'
import { countUntagged } from './untagged-touchpoints.ts'

const MOST_AT_ONCE = 4
const EVERY_MS = HOUR_MS
/** Of one scan: ads, templates, overrides. */
const CALLS = 4
/** Providers list an ad some time after it was created. */
const OVERLAP_MS = 2 * HOUR_MS
/** An ad that could not be tagged is looked at again for so long. */
const WAIT_FOR_MS = 7 * DAY_MS

type ScannerDeps = ObserveDeps & ProbeDeps & Omit<ScanDeps, 'holder'> & Pick<Deps, 'rounds'>
type HolderDeps = ScannerDeps & { readonly holder: string }

export interface AdScanner {
  /** Looks at the ads of accounts that are due. */
  run(): Promise<void>
}

/** Looks for new ads every hour, and after an outage at all that were created in it. */
export function adScanner(deps: ScannerDeps): AdScanner {
  const { store, clock, rounds } = deps
  let underWay = 0
  return {
    run: () =>
      rounds.run(async (holder) => {
        const now = clock.now()
        const due = await store.adScans.claim(now, leaseUntil(now), holder, Math.max(0, MOST_AT_ONCE - underWay))
        underWay += due.length
        const scanOne = ({ connection, scan }: (typeof due)[number]) =>
          scanClaimed({ ...deps, holder }, connection, scan).finally(() => {
            underWay--
          })
        await Promise.all(due.map(scanOne))
      }),
  }
}

async function scanClaimed(deps: HolderDeps, connection: Connection, scan: AdScan): Promise<void> {
  const { store, holder, clock, log } = deps
  try {
    const gap = await store.gaps.unfinished(connection.id)
    const asked = await scanAds(deps, connection, scan, gap)
    if (asked.kind !== 'ok') await refused(deps, connection, scan, gap, asked)
  } catch (cause) {
    if (deps.stopping.aborted) return // its claim runs out, and it begins anew
    log.error('ads.failed', { connectionId: connection.id }, cause)
    const now = clock.now()
    await store.adScans.fail(scan, holder, 'Redkey could not store what it read.', now, later(now, 5 * MINUTE_MS), null)
  }
}

async function scanAds(deps: HolderDeps, connection: Connection, scan: AdScan, gap: Gap | undefined): Promise<Asked<null>> {
  const { store, holder, clock } = deps
  const begunAt = clock.now()
  if (!scan.isTagging || scan.taggingSince === null) {
    const tags: GapTags = { kind: 'off' }
    const none = { templates: [], overrides: [], overridesAt: null }
    const end = { scannedUpTo: begunAt, ...none, gap: gap ? { outageId: gap.outageId, tags } : null }
    await store.adScans.complete(scan, holder, { ...end, at: begunAt, dueAt: later(begunAt, EVERY_MS) })
    return { kind: 'ok', value: null }
  }
  const since = await sinceOf(deps, scan, scan.taggingSince, gap, begunAt)
  const seen = await readAds(deps, connection, scan, since, null)
  if (seen.kind !== 'ok') return seen
  const tagged = await tag(deps, connection, scan, since)
  if (tagged.kind !== 'ok') return tagged
  const { isMore, ...found } = tagged.value
  const at = clock.now()
  const tags = gap && !isMore ? await tagsOf(deps, connection, scan.taggingSince, gap) : null
  const dueAt = isMore ? at : later(at, await rationedFor(deps, connection, EVERY_MS, CALLS))
  const end = { scannedUpTo: begunAt, ...found, gap: gap && tags ? { outageId: gap.outageId, tags } : null }
  await store.adScans.complete(scan, holder, { ...end, at, dueAt })
  return { kind: 'ok', value: null }
}

/** Back to the last scan, to an ad that still waits, and to the beginning of an outage, but not before auto-tagging was on. */
async function sinceOf({ store }: HolderDeps, scan: AdScan, taggingSince: Date, gap: Gap | undefined, now: Date): Promise<Date> {
  const waits = await store.adScans.firstUncovered(scan.connectionId, later(now, -WAIT_FOR_MS))
  const wanted = [later(scan.scannedUpTo, -OVERLAP_MS), ...(waits ? [later(waits, -1)] : []), ...(gap ? [gap.since] : [])]
  const earliest = Math.min(...wanted.map((time) => time.getTime()))
  return new Date(Math.max(earliest, taggingSince.getTime()))
}

/** `setAt`: when a template was set in this scan. */
async function readAds(
  deps: HolderDeps,
  connection: Connection,
  scan: AdScan,
  since: Date,
  setAt: Date | null,
): Promise<Asked<null>> {
  const { store, holder, clock, stopping } = deps
  const take = async (told: readonly Ad[]): Promise<void> => {
    stopping.throwIfAborted()
    const ads = lastOfEach(told.filter(({ createdAt }) => createdAt > since))
    const known = await store.adScans.known(
      connection.id,
      ads.map(({ id }) => id),
    )
    const byId = new Map(known.map((ad) => [ad.id, ad]))
    const judged = ads.map((ad) => judgeAd(ad, byId.get(ad.id), { wanted: scan.parameters, setAt, now: clock.now() }))
    await store.adScans.keep(scan, holder, judged)
  }
  return askAds(deps, connection, (ads, tokens) => ads.adsSince(tokens, accountOf(connection), since, take))
}

function lastOfEach(ads: readonly Ad[]): Ad[] {
  return [...new Map(ads.map((ad) => [ad.id, ad])).values()]
}

type Tagged = Omit<Templates, 'setAt'> & { readonly isMore: boolean }

async function tag(deps: HolderDeps, connection: Connection, scan: AdScan, since: Date): Promise<Asked<Tagged>> {
  const { store, holder, providers } = deps
  const tagging = adPlatform(providers.get(connection.provider))?.tagging
  if (tagging?.kind !== 'each_ad') {
    const set = await setTemplates(deps, connection, scan)
    if (set.kind !== 'ok') return set
    const { setAt, ...templates } = set.value
    const again = setAt === null ? null : await readAds(deps, connection, scan, since, setAt)
    return again && again.kind !== 'ok' ? again : { kind: 'ok', value: { ...templates, isMore: false } }
  }
  const untagged = (await store.adScans.created(connection.id, since, deps.clock.now())).filter(isWanting)
  const tagged = await tagNewAds(deps, connection, scan, untagged)
  if (tagged.kind !== 'ok') return tagged
  await store.adScans.keep(scan, holder, tagged.value.ads)
  return { kind: 'ok', value: { templates: [], overrides: [], overridesAt: null, isMore: tagged.value.isMore } }
}

function isWanting({ coveredAt }: SeenAd): boolean {
  return coveredAt === null
}

async function tagsOf(deps: HolderDeps, { id, teamId }: Connection, taggingSince: Date, gap: Gap): Promise<GapTags> {
  const from = gap.since > taggingSince ? gap.since : taggingSince
  const ads = await deps.store.adScans.created(id, from, gap.until)
  return gapTags(ads, await countUntagged(deps, teamId, ads, gap.since))
}

/**
 * As with costs, how a connection is, is judged by its probe alone. What only a person can mend holds up no report of an outage: it is
 * told with what is known.
 */
async function refused(
  deps: HolderDeps,
  connection: Connection,
  scan: AdScan,
  gap: Gap | undefined,
  verdict: Verdict,
): Promise<void> {
  const { store, holder, clock, random, log } = deps
  const passes = verdict.kind === 'transient' || verdict.kind === 'rate_limited'
  if (!passes) await observe(deps, connection, await probeAccount(deps, connection))
  const retryAfterMs = 'retryAfterMs' in verdict ? verdict.retryAfterMs : null
  const now = clock.now()
  const dueAt = later(now, backoffMs(scan.failures + 1, random(), retryAfterMs))
  log.warn('ads.refused', { connectionId: connection.id, verdict: verdict.kind, code: verdict.code })
  const told = gap && !passes ? { outageId: gap.outageId, tags: await tagsAsTheyAre(deps, connection, scan, gap, verdict) } : null
  await store.adScans.fail(scan, holder, verdict.explanation, now, dueAt, told)
}

/** Ads that were read before the trouble; without any, that nothing is known. */
async function tagsAsTheyAre(
  deps: HolderDeps,
  connection: Connection,
  { taggingSince }: AdScan,
  gap: Gap,
  { explanation }: Verdict,
): Promise<GapTags> {
  const tags = taggingSince === null ? null : await tagsOf(deps, connection, taggingSince, gap)
  return tags?.kind === 'on' && tags.ads.length > 0 ? tags : { kind: 'unknown', why: explanation }
}
