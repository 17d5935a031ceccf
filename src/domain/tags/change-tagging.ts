import { type Refusal, whyNotChange } from '../access/rights.ts'
import type { Tagging } from '../ads.ts'
import { adPlatform } from '../ask-ads.ts'
import type { Connection } from '../connections/connection.ts'
import type { Deps } from '../deps.ts'
import type { Person } from '../slack.ts'
import type { AdScan } from './ad-scan.ts'
import { addMissing, type Parameters, type ParametersRead, readParameters } from './parameters.ts'

type TaggingDeps = Pick<Deps, 'store' | 'providers' | 'clock' | 'newId' | 'settings' | 'log'>

/** What the form of auto-tagging shows. */
export interface TaggingForm {
  readonly connection: Connection
  readonly scan: AdScan
  readonly label: string
  readonly kind: Tagging['kind']
  /** What it does to an ad, where each is tagged. */
  readonly consequence: string | null
  /** What is set unless somebody chose others. */
  readonly defaults: Parameters
  /** What Marketo Measure's own auto-tagging sets beside them; null where it has nothing. */
  readonly marketoMeasure: Parameters | null
}

export type TaggingFormRead =
  | ({ readonly kind: 'found' } & { readonly form: TaggingForm })
  | { readonly kind: 'gone' }
  | { readonly kind: 'no_ads'; readonly connection: Connection }
  | { readonly kind: 'not_allowed'; readonly reason: Refusal | 'not_owner' }

/** Auto-tagging of one ad platform, for somebody who may change it. */
export async function readTagging(
  deps: Pick<Deps, 'store' | 'providers' | 'settings'>,
  teamId: string,
  person: Person,
  connectionId: string,
): Promise<TaggingFormRead> {
  const connection = await deps.store.connections.find(connectionId)
  if (connection?.teamId !== teamId) return { kind: 'gone' }
  const reason = whyNotChange(person, connection, deps.settings)
  if (reason) return { kind: 'not_allowed', reason }
  const platform = adPlatform(deps.providers.get(connection.provider))
  const scan = await deps.store.adScans.find(connection.id)
  if (!platform || !scan) return { kind: 'no_ads', connection }
  const { tagging, label } = platform
  return {
    kind: 'found',
    form: {
      connection,
      scan,
      label,
      kind: tagging.kind,
      consequence: tagging.kind === 'each_ad' ? tagging.consequence : null,
      defaults: tagging.utm,
      marketoMeasure: tagging.marketoMeasure,
    },
  }
}

export interface TaggingWish {
  readonly isTagging: boolean
  /** As somebody typed them; only looked at when it is to be on. */
  readonly parameters: string
  /** Also those of Marketo Measure, where it has any. */
  readonly withMarketoMeasure: boolean
  /** Somebody has read what it does to ads and agreed. */
  readonly isAgreed: boolean
  /** When the settings that they saw were saved. */
  readonly settingsAt: Date | null
}

export type TaggingChanged =
  | { readonly kind: 'done'; readonly form: TaggingForm }
  /** What to change in the form. */
  | { readonly kind: 'refused'; readonly field: 'parameters' | 'agreement'; readonly says: string }
  /** Somebody else has saved these settings meanwhile. */
  | { readonly kind: 'outdated'; readonly form: TaggingForm }
  | Exclude<TaggingFormRead, { readonly kind: 'found' }>

/** Saves what somebody wants, and lets it be done at once. Parameters that stand at the provider stay there when it is switched off. */
export async function changeTagging(
  deps: TaggingDeps,
  teamId: string,
  person: Person,
  connectionId: string,
  wish: TaggingWish,
): Promise<TaggingChanged> {
  const { store, providers, clock, newId, log } = deps
  const { isTagging, isAgreed } = wish
  const read = await readTagging(deps, teamId, person, connectionId)
  if (read.kind !== 'found') return read
  const { connection, scan } = read.form
  if (scan.settingsAt?.getTime() !== wish.settingsAt?.getTime()) return { kind: 'outdated', form: read.form }
  const tagging = adPlatform(providers.get(connection.provider))?.tagging
  if (!tagging) return { kind: 'no_ads', connection }
  const wanted = isTagging ? readParameters(typedParameters(wish, tagging), tagging) : asBefore(scan)
  if (wanted.kind === 'refused') return { ...wanted, field: 'parameters' }
  if (isTagging && tagging.kind === 'each_ad' && !scan.isTagging && !isAgreed)
    return { kind: 'refused', field: 'agreement', says: 'Tick it to switch auto-tagging on: it changes ads.' }
  const { parameters } = wanted
  const audit = {
    id: newId(),
    teamId,
    connectionId,
    actor: person.id,
    action: isTagging ? ('tagging_on' as const) : ('tagging_off' as const),
    detail: isTagging ? parameters : '',
    at: clock.now(),
  }
  const changed = await store.adScans.change(scan, { isTagging, parameters }, audit.at, audit)
  if (!changed) {
    const now = await readTagging(deps, teamId, person, connectionId)
    return now.kind === 'found' ? { kind: 'outdated', form: now.form } : now
  }
  log.info('tagging.changed', { connectionId, isTagging })
  return { kind: 'done', form: { ...read.form, scan: changed } }
}

function typedParameters({ parameters, withMarketoMeasure }: TaggingWish, { marketoMeasure }: Tagging): Parameters {
  return withMarketoMeasure && marketoMeasure !== null ? addMissing(parameters.trim(), marketoMeasure).all : parameters
}

function asBefore({ parameters }: AdScan): ParametersRead {
  return { kind: 'ok', parameters }
}
