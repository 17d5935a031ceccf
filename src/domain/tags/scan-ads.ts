import { DAY_MS, HOUR_MS, later, MINUTE_MS } from '../../clock.ts'
import type { Ad } from '../ads.ts'
import { afterRefusal } from '../after-refusal.ts'
import { adPlatform, askAds } from '../ask-ads.ts'
import { type ClaimedWork, claimedWork } from '../claimed-work.ts'
import { accountOf, type Connection } from '../connections/connection.ts'
import type { ObserveDeps } from '../connections/observe.ts'
import type { ProbeDeps } from '../connections/probe-account.ts'
import type { Deps } from '../deps.ts'
import type { Gap, GapTags } from '../gaps/gap.ts'
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

type ScannerDeps = ObserveDeps & ProbeDeps & Omit<ScanDeps, 'holder'>
type HolderDeps = ScannerDeps & { readonly holder: string }

/** Looks for new ads every hour, and after an outage at all that were created in it. */
export function adScanner(deps: ScannerDeps & Pick<Deps, 'rounds'>): ClaimedWork {
  const { adScans } = deps.store
  return claimedWork(deps, MOST_AT_ONCE, adScans.claim, ({ connection, scan }, holder) =>
    scanClaimed({ ...deps, holder }, connection, scan),
  )
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
    const end = { scannedUpTo: begunAt, ...NO_TEMPLATES, gap: gap ? { outageId: gap.outageId, tags } : null }
    await store.adScans.complete(scan, holder, { ...end, at: begunAt, dueAt: later(begunAt, EVERY_MS) })
    return { kind: 'ok', value: null }
  }
  const since = await sinceOf(deps, scan, scan.taggingSince, gap, begunAt)
  const untaggable = new Set<string>()
  const seen = await readAds(deps, connection, scan, since, null, untaggable)
  if (seen.kind !== 'ok') return seen
  const tagged = await tag(deps, connection, scan, since, untaggable)
  if (tagged.kind !== 'ok') return tagged
  const at = clock.now()
  const told = gap ? { outageId: gap.outageId, tags: await tagsOf(deps, connection, scan.taggingSince, gap) } : null
  const dueAt = later(at, await rationedFor(deps, connection, EVERY_MS, CALLS))
  await store.adScans.complete(scan, holder, { scannedUpTo: begunAt, ...tagged.value, gap: told, at, dueAt })
  return { kind: 'ok', value: null }
}

/** Back to the last scan, to an ad that still waits, and to the beginning of an outage, but not before auto-tagging was on. */
async function sinceOf({ store }: HolderDeps, scan: AdScan, taggingSince: Date, gap: Gap | undefined, now: Date): Promise<Date> {
  const waits = await store.adScans.firstUncovered(scan.connectionId, later(now, -WAIT_FOR_MS))
  const wanted = [later(scan.scannedUpTo, -OVERLAP_MS), ...(waits ? [later(waits, -1)] : []), ...(gap ? [gap.since] : [])]
  const earliest = Math.min(...wanted.map((time) => time.getTime()))
  return new Date(Math.max(earliest, taggingSince.getTime()))
}

/** `setAt`: when a template was set in this scan. `untaggable` is given the ids of ads that can't be tagged now. */
async function readAds(
  deps: HolderDeps,
  connection: Connection,
  scan: AdScan,
  since: Date,
  setAt: Date | null,
  untaggable: Set<string>,
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
    for (const ad of ads) if (ad.untaggable !== null) untaggable.add(ad.id)
    const judged = ads.map((ad) => judgeAd(ad, byId.get(ad.id), { wanted: scan.parameters, setAt, now: clock.now() }))
    await store.adScans.keep(scan, holder, judged)
  }
  return askAds(deps, connection, (ads, tokens) => ads.adsSince(tokens, accountOf(connection), since, take))
}

function lastOfEach(ads: readonly Ad[]): Ad[] {
  return [...new Map(ads.map((ad) => [ad.id, ad])).values()]
}

type Tagged = Omit<Templates, 'setAt'>

const NO_TEMPLATES: Tagged = { templates: [], overrides: [], overridesAt: null }

async function tag(
  deps: HolderDeps,
  connection: Connection,
  scan: AdScan,
  since: Date,
  untaggable: Set<string>,
): Promise<Asked<Tagged>> {
  const tagging = adPlatform(deps.providers.get(connection.provider))?.tagging
  if (tagging?.kind !== 'each_ad') {
    const set = await setTemplates(deps, connection, scan)
    if (set.kind !== 'ok') return set
    const { setAt, ...templates } = set.value
    const again = setAt === null ? null : await readAds(deps, connection, scan, since, setAt, untaggable)
    return again && again.kind !== 'ok' ? again : { kind: 'ok', value: templates }
  }
  const tagged = await tagNewAds(deps, connection, scan, await untagged(deps, connection, since, untaggable))
  return tagged.kind === 'ok' ? { kind: 'ok', value: NO_TEMPLATES } : tagged
}

/** Ads that lack something and can be given it, and behind them, so that they hold up none, those whose last try had no answer. */
async function untagged(
  { store, clock }: HolderDeps,
  { id }: Connection,
  since: Date,
  untaggable: ReadonlySet<string>,
): Promise<SeenAd[]> {
  const created = await store.adScans.created(id, since, clock.now())
  const unsure = (await store.adScans.unsure(id)).map(({ targetId }) => targetId)
  const tried = (await store.adScans.known(id, unsure)).sort((a, b) => unsure.indexOf(a.id) - unsure.indexOf(b.id))
  const wanting = created.filter((ad) => ad.coveredAt === null && !untaggable.has(ad.id) && !unsure.includes(ad.id))
  return [...wanting, ...tried]
}

async function tagsOf(deps: HolderDeps, { id, teamId }: Connection, taggingSince: Date, gap: Gap): Promise<GapTags> {
  if (taggingSince >= gap.until) return { kind: 'off' }
  const from = gap.since > taggingSince ? gap.since : taggingSince
  const ads = await deps.store.adScans.created(id, from, gap.until)
  return gapTags(ads, await countUntagged(deps, teamId, ads, gap.since))
}

/** What only a person can mend holds up no report of an outage: it is told with what is known. */
async function refused(
  deps: HolderDeps,
  connection: Connection,
  scan: AdScan,
  gap: Gap | undefined,
  verdict: Verdict,
): Promise<void> {
  const { store, holder, clock, log } = deps
  const { passes, tryAgainAt } = await afterRefusal(deps, connection, scan.failures, verdict)
  log.warn('ads.refused', { connectionId: connection.id, verdict: verdict.kind, code: verdict.code })
  const told = gap && !passes ? { outageId: gap.outageId, tags: await tagsAsTheyAre(deps, connection, scan, gap, verdict) } : null
  await store.adScans.fail(scan, holder, verdict.explanation, clock.now(), tryAgainAt, told)
}

/** Ads that were read before the trouble; without any, that nothing is known, unless nothing is claimed about them anyway. */
async function tagsAsTheyAre(
  deps: HolderDeps,
  connection: Connection,
  { taggingSince }: AdScan,
  gap: Gap,
  { explanation }: Verdict,
): Promise<GapTags> {
  const tags = taggingSince === null ? null : await tagsOf(deps, connection, taggingSince, gap)
  return tags === null || (tags.kind === 'on' && tags.ads.length === 0) ? { kind: 'unknown', why: explanation } : tags
}
