import { type Refusal, whyNotChangeWorkspace } from '../access/rights.ts'
import type { Deps } from '../deps.ts'
import { isTimeZone } from '../local-time.ts'
import type { Person } from '../slack.ts'
import { readTimeZone, type TimeZoneRead } from '../time-zone-name.ts'
import { type ChannelDigest, digestSetting } from './digest-setting.ts'
import { owedWeek } from './digest-time.ts'

type ChangeDeps = Pick<Deps, 'store' | 'settings' | 'clock' | 'newId' | 'log'>

/** What the form of a channel's digest shows. */
export interface DigestForm {
  readonly channelId: string
  readonly isOn: boolean
  /** What was set; where nothing was, the time zone of whoever opens the form. */
  readonly timeZone: string
  /** What holds in a channel for which nothing is set; null: something is. */
  readonly usualTimeZone: string | null
  /** Of what is set; 0: nothing. */
  readonly version: number
}

export type DigestFormRead =
  | { readonly kind: 'found'; readonly form: DigestForm }
  | { readonly kind: 'not_allowed'; readonly reason: Refusal | 'not_admin' }

/** The digest of a channel, for somebody who may change it. */
export async function readDigestForm(
  { store, settings }: Pick<Deps, 'store' | 'settings'>,
  teamId: string,
  person: Person,
  channelId: string,
): Promise<DigestFormRead> {
  const installed = await store.installations.find(teamId)
  const reason = whyNotChangeWorkspace(person, teamId, installed?.installedBy ?? null, settings)
  if (reason) return { kind: 'not_allowed', reason }
  const found = await store.digestSettings.find(teamId, channelId)
  const { isOn, timeZone } = digestSetting(found, settings)
  const own = person.timeZone !== null && isTimeZone(person.timeZone) ? person.timeZone : timeZone
  const usual = { timeZone: own, usualTimeZone: timeZone, version: 0 }
  const set = { timeZone, usualTimeZone: null, version: found?.version ?? 0 }
  return { kind: 'found', form: { channelId, isOn, ...(found ? set : usual) } }
}

export type DigestChanged =
  | { readonly kind: 'done'; readonly form: DigestForm }
  /** What was typed is no time zone. */
  | Extract<TimeZoneRead, { readonly kind: 'unknown' }>
  /** Somebody else has saved it since it was shown. */
  | { readonly kind: 'outdated'; readonly form: DigestForm }
  | Exclude<DigestFormRead, { readonly kind: 'found' }>

/** Saves when a channel gets its digest. `shownVersion`: of the form. Of two who save at once the second is shown the first's. */
export async function changeDigest(
  deps: ChangeDeps,
  teamId: string,
  person: Person,
  channelId: string,
  shownVersion: number,
  wanted: { readonly isOn: boolean; readonly timeZone: string },
): Promise<DigestChanged> {
  const { store, settings, clock, newId, log } = deps
  const read = await readDigestForm(deps, teamId, person, channelId)
  if (read.kind !== 'found') return read
  if (read.form.version !== shownVersion) return { kind: 'outdated', form: read.form }
  const zone = zoneOf(wanted.timeZone, read.form)
  if (zone.kind === 'unknown') return zone
  const { isOn } = wanted
  const { timeZone } = zone
  const form = { channelId, isOn, timeZone, usualTimeZone: null, version: shownVersion + 1 }
  const found = await store.digestSettings.find(teamId, channelId)
  if (found?.isOn === isOn && found.timeZone === timeZone) return { kind: 'done', form: read.form }
  const at = clock.now()
  const next: ChannelDigest = {
    teamId,
    channelId,
    isOn,
    timeZone,
    owedWeek: isOn ? owedWeek(digestSetting(found, settings), timeZone, at) : null,
    changedBy: person.id,
    changedAt: at,
    version: form.version,
  }
  const detail = `${channelId} ${isOn ? 'on' : 'off'} ${timeZone}`
  const audit = { id: newId(), teamId, actor: person.id, action: 'digest_changed' as const, detail, at }
  if (await store.digestSettings.save(next, audit)) {
    log.info('digest.changed', { teamId, channelId, isOn })
    return { kind: 'done', form }
  }
  const now = await readDigestForm(deps, teamId, person, channelId)
  return now.kind === 'found' ? { kind: 'outdated', form: now.form } : now
}

/** What the form itself proposed is taken as it is: the settings of Redkey may name zones that nobody would type. */
function zoneOf(typed: string, { timeZone, usualTimeZone }: DigestForm): TimeZoneRead {
  const isProposed = [timeZone, usualTimeZone].includes(typed.trim())
  return isProposed ? { kind: 'found', timeZone: typed.trim() } : readTimeZone(typed)
}
