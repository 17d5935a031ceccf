import { HOUR_MS, later, MINUTE_MS } from '../../clock.ts'
import type { CampaignCost } from '../ads.ts'
import { afterRefusal } from '../after-refusal.ts'
import { adPlatform, askAds } from '../ask-ads.ts'
import { type ClaimedWork, claimedWork } from '../claimed-work.ts'
import { accountOf, type Connection } from '../connections/connection.ts'
import type { ObserveDeps } from '../connections/observe.ts'
import type { ProbeDeps } from '../connections/probe-account.ts'
import { addDays, type Days, dayIn } from '../day.ts'
import type { Deps } from '../deps.ts'
import type { Verdict } from '../provider.ts'
import { rationedFor } from '../ration.ts'
import type { CostDownload } from './cost-store.ts'
import { doneUpTo, lostDays, planCosts, readAgainAt } from './plan-costs.ts'

const MOST_AT_ONCE = 6
const EVERY_MS = 6 * HOUR_MS
const ALL_DAYS: Days = { from: '0000-01-01', to: '9999-12-31' }
/** Of one download: account, rows, probe. */
const CALLS = 3

type CostDeps = ObserveDeps & ProbeDeps & Pick<Deps, 'providers' | 'random' | 'stopping'>
type HolderDeps = CostDeps & { readonly holder: string }

/** Does a step of each download that is due: asynchronous reports are asked for again when their provider said so. */
export function costDownloader(deps: CostDeps & Pick<Deps, 'rounds'>): ClaimedWork {
  const { costs } = deps.store
  return claimedWork(deps, MOST_AT_ONCE, costs.claim, ({ connection, download }, holder) =>
    downloadClaimed({ ...deps, holder }, connection, download),
  )
}

async function downloadClaimed(deps: HolderDeps, connection: Connection, download: CostDownload): Promise<void> {
  const { store, holder, clock, log } = deps
  try {
    await downloadStep(deps, connection, download)
  } catch (cause) {
    if (deps.stopping.aborted) return // its claim runs out, and it begins anew
    log.error('costs.failed', { connectionId: connection.id }, cause)
    // What failed may be the download that was begun meanwhile.
    const failed = (await store.costs.find(connection.id)) ?? download
    await store.costs.fail(failed, holder, 'Redkey could not store what it downloaded.', later(clock.now(), 5 * MINUTE_MS))
  }
}

async function downloadStep(deps: HolderDeps, connection: Connection, seen: CostDownload): Promise<void> {
  const { store, holder, clock, log, stopping } = deps
  const begun = seen.job === null ? await begin(deps, connection, seen) : seen
  if (!begun) return
  const { fromDay: from, toDay: to, job } = begun
  if (from === null || to === null) throw new Error(`the download of ${connection.id} has no days`)
  const order = {
    account: accountOf(connection),
    days: { from, to },
    job,
    async take(rows: readonly CampaignCost[]): Promise<void> {
      stopping.throwIfAborted()
      await store.costs.take(begun, rows)
    },
  }
  const asked = await askAds(deps, connection, (ads, tokens) => ads.costs(tokens, order))
  if (asked.kind !== 'ok') return refused(deps, connection, begun, asked)
  if (asked.value.kind === 'later') {
    return store.costs.wait(begun, holder, asked.value.job, later(clock.now(), asked.value.afterMs))
  }
  // Where access was lost some providers answer with no rows: only a proof of this very run makes them zeros.
  const proof = await askAds(deps, connection, (ads, tokens) => ads.probe(tokens, order.account))
  if (proof.kind !== 'ok') return refused(deps, connection, begun, proof)
  const at = clock.now()
  await store.connections.prove(connection.id, at)
  const dueAt = later(at, await rationedFor(deps, connection, EVERY_MS, CALLS))
  await store.costs.complete(begun, holder, { ...endOf(deps, connection, begun, order.days, at), at, dueAt })
  log.info('costs.downloaded', { connectionId: connection.id, from, to })
}

function endOf({ providers }: CostDeps, connection: Connection, begun: CostDownload, days: Days, at: Date) {
  const reach = adPlatform(providers.get(connection.provider))?.costReach
  const timeZone = begun.timeZone ?? 'UTC'
  const lost = lostDays(doneUpTo(begun.wholeUpTo, dayIn(timeZone, connection.addedAt)), days)
  return { lost, restatedAt: reach === undefined ? null : readAgainAt(reach, days, timeZone, at) }
}

/** Undefined: it was refused, which is noted, or somebody else is at it. */
async function begin(deps: HolderDeps, connection: Connection, seen: CostDownload): Promise<CostDownload | undefined> {
  const { store, holder, clock } = deps
  const isGap = (await store.gaps.unfinished(connection.id)) !== undefined
  const described = await askAds(deps, connection, async (ads, tokens) => {
    const account = await ads.describeAccount(tokens, accountOf(connection))
    return account.kind === 'ok' ? { kind: 'ok', value: { account: account.value, reach: ads.costReach } } : account
  })
  if (described.kind !== 'ok') {
    await refused(deps, connection, seen, described)
    return undefined
  }
  const { account, reach } = described.value
  const { timeZone } = account
  const isOtherMoney = seen.currency !== null && seen.currency !== account.currency
  const [first] = isOtherMoney ? await store.costs.days(connection.id, ALL_DAYS) : []
  const wholeUpTo = first ? addDays(first.day, -1) : doneUpTo(seen.wholeUpTo, dayIn(timeZone, connection.addedAt))
  const days = planCosts({ ...seen, wholeUpTo }, { reach, timeZone, now: clock.now(), isGap })
  return store.costs.begin(seen, holder, account, days)
}

async function refused(deps: HolderDeps, connection: Connection, download: CostDownload, verdict: Verdict): Promise<void> {
  const { store, holder, log } = deps
  const { tryAgainAt } = await afterRefusal(deps, connection, download.failures, verdict)
  log.warn('costs.refused', { connectionId: connection.id, verdict: verdict.kind, code: verdict.code })
  await store.costs.fail(download, holder, verdict.explanation, tryAgainAt)
}
