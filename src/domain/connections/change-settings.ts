import { type Refusal, whyNotChange, whyNotMember } from '../access/rights.ts'
import { adPlatform } from '../ask-ads.ts'
import { isCrm, type Mapping } from '../crm.ts'
import type { Deps } from '../deps.ts'
import type { ChannelSeen, Person } from '../slack.ts'
import type { AuditEntry } from './audit-entry.ts'
import type { CatchUpMode, Connection } from './connection.ts'
import { judgeName, type NameJudged } from './connection-name.ts'
import { type ConnectionSettings, settingsOf } from './settings-store.ts'

type SettingsDeps = Pick<Deps, 'store' | 'providers' | 'slack' | 'clock' | 'newId' | 'settings' | 'log'>

/** What the form of settings shows. */
export interface SettingsForm {
  readonly connection: Connection
  readonly label: string
  /** Of a CRM: where touchpoints go. */
  readonly mapping: Mapping | null
  /** Of a CRM: what becomes of what an outage held back, unless the connection says otherwise. */
  readonly usualCatchUp: CatchUpMode
  /** Of an ad platform: whether auto-tagging is on; null: it has none. */
  readonly isTagging: boolean | null
  /** Where its API is described. */
  readonly apiUrl: string
}

export type SettingsRead =
  | { readonly kind: 'found'; readonly form: SettingsForm }
  | { readonly kind: 'gone' }
  | { readonly kind: 'not_allowed'; readonly reason: Refusal | 'not_owner' }

/** The settings of one connection, for somebody who may change them. */
export async function readSettings(
  { store, providers, settings }: Pick<Deps, 'store' | 'providers' | 'settings'>,
  teamId: string,
  person: Person,
  connectionId: string,
): Promise<SettingsRead> {
  const connection = await store.connections.find(connectionId)
  if (connection?.teamId !== teamId) return { kind: 'gone' }
  const reason = whyNotChange(person, connection, settings)
  if (reason) return { kind: 'not_allowed', reason }
  const provider = providers.get(connection.provider)
  const scan = connection.kind === 'ads' && adPlatform(provider) ? await store.adScans.find(connection.id) : undefined
  const usual = provider && isCrm(provider) ? provider.defaultMapping : null
  return {
    kind: 'found',
    form: {
      connection,
      label: provider?.label ?? connection.provider,
      mapping: connection.kind === 'crm' ? ((await store.connections.mapping(connection.id)) ?? usual) : null,
      usualCatchUp: settings.catchUp,
      isTagging: scan?.isTagging ?? null,
      apiUrl: `${settings.url}/openapi.json`,
    },
  }
}

export type SettingsProblem =
  | { readonly field: 'name'; readonly problem: Exclude<NameJudged, { kind: 'fine' }> | { readonly kind: 'taken' } }
  | { readonly field: 'channelId'; readonly problem: Exclude<ChannelSeen, { kind: 'fine' | 'cannot_tell' }> }
  | { readonly field: 'ownerId' | 'deputyId'; readonly problem: { readonly kind: Refusal | 'same' } }

export type SettingsChanged =
  | { readonly kind: 'done'; readonly form: SettingsForm; readonly before: Connection }
  /** What to change in the form, field by field. */
  | { readonly kind: 'refused'; readonly problems: readonly SettingsProblem[] }
  /** Somebody else has saved these settings since they were shown. */
  | { readonly kind: 'outdated'; readonly form: SettingsForm }
  | Exclude<SettingsRead, { readonly kind: 'found' }>

/** Saves what somebody typed, if it is still what they saw that they change. Of two who save at once the second is shown the first's. */
export async function changeSettings(
  deps: SettingsDeps,
  teamId: string,
  person: Person,
  connectionId: string,
  shown: ConnectionSettings,
  wanted: ConnectionSettings,
): Promise<SettingsChanged> {
  let problems: readonly SettingsProblem[] | undefined
  for (let attempt = 0; attempt < 5; attempt++) {
    const read = await readSettings(deps, teamId, person, connectionId)
    if (read.kind !== 'found') return read
    const { connection: seen } = read.form
    if (!isSame(settingsOf(seen), shown)) return { kind: 'outdated', form: read.form }
    problems ??= await problemsOf(deps, seen, wanted)
    if (problems.length > 0) return { kind: 'refused', problems }
    if (isSame(shown, wanted)) return { kind: 'done', form: read.form, before: seen }
    const at = deps.clock.now()
    const changed = await deps.store.settings.change(seen, wanted, at, entries(deps, person, seen, wanted, at))
    if (changed === 'taken') return { kind: 'refused', problems: [{ field: 'name', problem: { kind: 'taken' } }] }
    if (changed) {
      deps.log.info('settings.changed', { connectionId })
      return { kind: 'done', form: { ...read.form, connection: changed }, before: seen }
    }
    // A check or a login changed it at the same moment: look again.
  }
  throw new Error(`connection ${connectionId} changed again and again`)
}

export type Renamed =
  | { readonly kind: 'renamed'; readonly connection: Connection; readonly before: string }
  | {
      readonly kind: 'refused'
      readonly connection: Connection
      readonly problem: (SettingsProblem & { field: 'name' })['problem']
    }
  | Exclude<SettingsRead, { readonly kind: 'found' }>

export async function renameConnection(
  deps: SettingsDeps,
  teamId: string,
  person: Person,
  connectionId: string,
  name: string,
): Promise<Renamed> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const read = await readSettings(deps, teamId, person, connectionId)
    if (read.kind !== 'found') return read
    const { connection } = read.form
    const shown = settingsOf(connection)
    const changed = await changeSettings(deps, teamId, person, connectionId, shown, { ...shown, name })
    if (changed.kind === 'outdated') continue
    if (changed.kind === 'done') return { kind: 'renamed', connection: changed.form.connection, before: connection.name }
    if (changed.kind !== 'refused') return changed
    for (const { field, problem } of changed.problems) if (field === 'name') return { kind: 'refused', connection, problem }
  }
  throw new Error(`connection ${connectionId} changed again and again`)
}

function isSame(one: ConnectionSettings, other: ConnectionSettings): boolean {
  return (Object.keys(one) as (keyof ConnectionSettings)[]).every((field) => one[field] === other[field])
}

/** Only what is new is looked at: nobody must mend what was there before to change something else. */
async function problemsOf(deps: SettingsDeps, seen: Connection, wanted: ConnectionSettings): Promise<SettingsProblem[]> {
  const problems: SettingsProblem[] = []
  if (wanted.name !== seen.name) {
    const problem = judgeName(wanted.name, seen.provider)
    if (problem.kind !== 'fine') problems.push({ field: 'name', problem })
  }
  if (wanted.channelId !== null && wanted.channelId !== seen.channelId) {
    const problem = await deps.slack.channel(seen.teamId, wanted.channelId)
    if (problem.kind !== 'fine' && problem.kind !== 'cannot_tell') problems.push({ field: 'channelId', problem })
  }
  for (const field of ['ownerId', 'deputyId'] as const) {
    const id = wanted[field]
    const reason = id === null || id === seen[field] ? null : await whyNotAsked(deps, id, seen.teamId)
    if (reason) problems.push({ field, problem: { kind: reason } })
  }
  if (wanted.deputyId !== null && wanted.deputyId === wanted.ownerId)
    problems.push({ field: 'deputyId', problem: { kind: 'same' } })
  return problems
}

/** Whoever is asked must be able to do something about it. Whom Slack can't tell of is taken. */
export async function whyNotAsked({ slack }: Pick<Deps, 'slack'>, userId: string, teamId: string): Promise<Refusal | null> {
  const person = await slack.person(teamId, userId)
  return person ? whyNotMember(person, teamId) : null
}

function entries(
  { newId }: Pick<Deps, 'newId'>,
  { id: actor }: Person,
  { id: connectionId, teamId, ...seen }: Connection,
  wanted: ConnectionSettings,
  at: Date,
): AuditEntry[] {
  const entry = (action: AuditEntry['action'], detail: string) => ({
    id: newId(),
    teamId,
    connectionId,
    actor,
    action,
    detail,
    at,
  })
  const changed = [
    ...(wanted.channelId === seen.channelId ? [] : ['channel']),
    ...(wanted.ownerId === seen.ownerId ? [] : ['owner']),
    ...(wanted.deputyId === seen.deputyId ? [] : ['deputy']),
    ...(wanted.catchUp === seen.catchUp ? [] : ['catch-up']),
    ...(wanted.reminders === seen.reminders ? [] : ['reminders']),
  ]
  return [
    ...(wanted.name === seen.name ? [] : [entry('renamed', `${seen.name} to ${wanted.name}`)]),
    ...(changed.length === 0 ? [] : [entry('settings_changed', changed.join(', '))]),
  ]
}
