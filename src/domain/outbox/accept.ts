import type { z } from 'zod'
import type { Deps } from '../deps.ts'
import { isCrm, type Mapping } from '../provider.ts'
import type { AcceptResult } from '../store.ts'
import { toOutboxForm } from './canonical.ts'
import { unmappedCustom } from './mapping.ts'
import type { AcceptedTouchpoint } from './touchpoint.ts'
import { type Touchpoint, touchpointSchema } from './touchpoint-schema.ts'

export const MAX_RECORDS = 10_000
/** Records in one transaction: others get their turn between two. */
const AT_ONCE = 1000
/** Names of connections that a refusal lists. */
const NAMED = 20

export type RefusalCode = 'invalid_touchpoint' | 'unknown_connection' | 'connection_required' | 'custom_field_not_mapped'

export interface RefusedTouchpoint {
  readonly index: number
  readonly id: string | null
  readonly code: RefusalCode
  readonly message: string
}

export type Intake =
  | {
      readonly kind: 'accepted'
      readonly accepted: number
      readonly duplicates: number
      readonly rejected: readonly RefusedTouchpoint[]
    }
  | { readonly kind: 'no_crm' }

interface Target {
  readonly id: string
  readonly name: string
  readonly mapping: Mapping
}

interface Targets {
  readonly byName: ReadonlyMap<string, Target>
  /** For who named none: the only one there is. */
  readonly only: Target | undefined
  /** For who must choose. */
  readonly names: string
}

/**
 * Takes touchpoints into the outbox, each judged on its own. What is counted as accepted or duplicate is durable when this
 * returns. Of two versions of one id in one request the last wins.
 */
export async function acceptTouchpoints(
  { store, providers, clock }: Pick<Deps, 'store' | 'providers' | 'clock'>,
  teamId: string,
  items: readonly unknown[],
): Promise<Intake> {
  const targets = await crmTargets({ store, providers }, teamId)
  if (targets.byName.size === 0) return { kind: 'no_crm' }
  const rejected: RefusedTouchpoint[] = []
  const byConnection = new Map<string, AcceptedTouchpoint[]>()
  for (const [index, item] of items.entries()) {
    const judged = judge(targets, item)
    if (judged.kind === 'refused') rejected.push({ index, ...judged.why })
    else append(byConnection, judged.connectionId, toOutboxForm(judged.touchpoint))
  }
  const results: AcceptResult[] = []
  for (const [connectionId, touchpoints] of byConnection) {
    for (const batch of batches(touchpoints)) results.push(...(await store.outbox.accept(connectionId, batch, clock.now())))
  }
  const duplicates = results.filter((result) => result === 'duplicate').length
  return { kind: 'accepted', accepted: results.length - duplicates, duplicates, rejected }
}

async function crmTargets({ store, providers }: Pick<Deps, 'store' | 'providers'>, teamId: string): Promise<Targets> {
  const byName = new Map<string, Target>()
  for (const { id, name, provider: providerName, mapping } of await store.connections.crms(teamId)) {
    const provider = providers.get(providerName)
    if (provider && isCrm(provider)) byName.set(name, { id, name, mapping: mapping ?? provider.defaultMapping })
  }
  const [only, ...others] = byName.values()
  return { byName, only: others.length === 0 ? only : undefined, names: named([...byName.keys()]) }
}

function named(names: readonly string[]): string {
  const more = names.length - NAMED
  return more > 0 ? `${names.slice(0, NAMED).join(', ')} and ${more} more` : names.join(', ')
}

type Judged =
  | { readonly kind: 'fine'; readonly connectionId: string; readonly touchpoint: Touchpoint }
  | { readonly kind: 'refused'; readonly why: Omit<RefusedTouchpoint, 'index'> }

function judge({ byName, only, names }: Targets, item: unknown): Judged {
  const parsed = touchpointSchema.safeParse(item)
  if (!parsed.success) return refuse(idOf(item), 'invalid_touchpoint', sentence(parsed.error))
  const touchpoint = parsed.data
  if (touchpoint.connection === undefined && !only) {
    return refuse(touchpoint.id, 'connection_required', `Say which CRM with "connection": ${names}.`)
  }
  const target = touchpoint.connection === undefined ? only : byName.get(touchpoint.connection)
  if (!target) return refuse(touchpoint.id, 'unknown_connection', `There is no CRM connection of that name; there is: ${names}.`)
  const unmapped = unmappedCustom(target.mapping, touchpoint)
  if (unmapped.length > 0) {
    return refuse(touchpoint.id, 'custom_field_not_mapped', `Add to the mapping of ${target.name} first: ${unmapped.join(', ')}.`)
  }
  return { kind: 'fine', connectionId: target.id, touchpoint }
}

function refuse(id: string | null, code: RefusalCode, message: string): Judged {
  return { kind: 'refused', why: { id, code, message } }
}

function idOf(item: unknown): string | null {
  return typeof item === 'object' && item !== null && 'id' in item && typeof item.id === 'string' ? item.id.slice(0, 255) : null
}

function sentence(error: z.ZodError): string {
  return error.issues
    .slice(0, 3)
    .map((issue) => (issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message))
    .join('; ')
}

/** At most {@link AT_ONCE} in each, and no id twice in one: a second version goes into a later batch. */
function batches(touchpoints: readonly AcceptedTouchpoint[]): AcceptedTouchpoint[][] {
  const done: AcceptedTouchpoint[][] = []
  let batch = new Map<string, AcceptedTouchpoint>()
  for (const touchpoint of touchpoints) {
    if (batch.size === AT_ONCE || batch.has(touchpoint.id)) {
      done.push([...batch.values()])
      batch = new Map()
    }
    batch.set(touchpoint.id, touchpoint)
  }
  return batch.size > 0 ? [...done, [...batch.values()]] : done
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
