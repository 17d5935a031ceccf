import type { z } from 'zod'
import type { CrmTarget } from '../connections/connection-store.ts'
import { isCrm, type Mapping } from '../crm.ts'
import type { Deps } from '../deps.ts'
import { toOutboxForm } from './canonical.ts'
import { unmappedCustom } from './mapping.ts'
import { noteRefusals, type Refused, type Sending } from './note-refusals.ts'
import type { AcceptResult } from './outbox-store.ts'
import type { RefusalCode } from './refusal.ts'
import type { AcceptedTouchpoint } from './touchpoint.ts'
import { type Touchpoint, touchpointSchema } from './touchpoint-schema.ts'

export const MAX_RECORDS = 10_000
/** Records in one transaction: others get their turn between two. */
const AT_ONCE = 1000
/** Names of connections that a refusal lists. */
const NAMED = 20

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
 * returns. Of two versions of one id in one request the last wins. With `sending`, what is refused is counted for those who watch
 * over the senders; without, the caller tells it.
 */
export async function acceptTouchpoints(
  { store, providers, clock }: Pick<Deps, 'store' | 'providers' | 'clock'>,
  teamId: string,
  items: readonly unknown[],
  sending?: Sending,
): Promise<Intake> {
  const targets = await crmTargets({ store, providers }, teamId, items)
  if (targets.byName.size === 0) return { kind: 'no_crm' }
  const rejected: RefusedTouchpoint[] = []
  const refused: Refused[] = []
  const byConnection = new Map<string, AcceptedTouchpoint[]>()
  for (const [index, item] of items.entries()) {
    const judged = judge(targets, item)
    if (judged.kind === 'fine') append(byConnection, judged.connectionId, toOutboxForm(judged.touchpoint))
    else {
      rejected.push({ index, ...judged.why })
      refused.push({ ...judged.why, about: judged.about, connectionId: sourceOf(targets, item) })
    }
  }
  const results: AcceptResult[] = []
  for (const [connectionId, touchpoints] of byConnection) {
    for (const batch of batches(touchpoints)) results.push(...(await store.outbox.accept(connectionId, batch, clock.now())))
  }
  if (sending) {
    const taken = (connectionId: string) => byConnection.get(connectionId)?.length ?? 0
    await noteRefusals({ store, clock }, teamId, sending, refused, targets.only?.id ?? null, taken)
  }
  const duplicates = results.filter((result) => result === 'duplicate').length
  return { kind: 'accepted', accepted: results.length - duplicates, duplicates, rejected }
}

/** Those that may be meant: there may be thousands, so not all of them are asked for. */
async function crmTargets(
  { store, providers }: Pick<Deps, 'store' | 'providers'>,
  teamId: string,
  items: readonly unknown[],
): Promise<Targets> {
  const wanted = namesIn(items)
  const { count, targets } = await store.connections.crms(teamId, wanted, NAMED + 1)
  const byName = new Map(targetsOf(providers, targets).map((target) => [target.name, target]))
  const [only, ...others] = byName.values()
  const isOnly = others.length === 0 && count <= NAMED
  const names = named([...byName.keys()], count)
  const unknown = wanted.filter((name) => !byName.has(name))
  if (unknown.length > 0) await addFormerNames({ store, providers }, teamId, unknown, byName)
  return { byName, only: isOnly ? only : undefined, names }
}

function targetsOf(providers: Deps['providers'], targets: readonly CrmTarget[]): Target[] {
  return targets.flatMap(({ id, name, provider: providerName, mapping }) => {
    const provider = providers.get(providerName)
    return provider && isCrm(provider) ? [{ id, name, mapping: mapping ?? provider.defaultMapping }] : []
  })
}

/** Programs may go on sending to a name that a connection had. */
async function addFormerNames(
  { store, providers }: Pick<Deps, 'store' | 'providers'>,
  teamId: string,
  unknown: readonly string[],
  byName: Map<string, Target>,
): Promise<void> {
  const former = (await store.settings.formerNames(teamId)).filter(({ name }) => unknown.includes(name))
  if (former.length === 0) return
  const meant = former.map(({ nowNamed }) => nowNamed)
  const { targets } = await store.connections.crms(teamId, meant, NAMED + 1)
  const now = new Map(targetsOf(providers, targets).map((target) => [target.name, target]))
  for (const { name, nowNamed } of former) {
    const target = now.get(nowNamed)
    if (target) byName.set(name, target)
  }
}

function namesIn(items: readonly unknown[]): string[] {
  const names = new Set<string>()
  for (const item of items) {
    if (typeof item === 'object' && item !== null && 'connection' in item && typeof item.connection === 'string') {
      names.add(item.connection)
    }
  }
  return [...names]
}

function named(names: readonly string[], count: number): string {
  return count > NAMED ? `${names.slice(0, NAMED).join(', ')} and ${count - NAMED} more` : names.join(', ')
}

type Judged =
  | { readonly kind: 'fine'; readonly connectionId: string; readonly touchpoint: Touchpoint }
  | { readonly kind: 'refused'; readonly why: Omit<RefusedTouchpoint, 'index'>; readonly about: string }

function judge({ byName, only, names }: Targets, item: unknown): Judged {
  const parsed = touchpointSchema.safeParse(item)
  if (!parsed.success) return refuse(idOf(item), 'invalid_touchpoint', sentence(parsed.error), subject(parsed.error))
  const touchpoint = parsed.data
  if (touchpoint.connection === undefined && !only) {
    return refuse(touchpoint.id, 'connection_required', `Say which CRM with "connection": ${names}.`)
  }
  const target = touchpoint.connection === undefined ? only : byName.get(touchpoint.connection)
  if (!target) return refuse(touchpoint.id, 'unknown_connection', `There is no CRM connection of that name; there is: ${names}.`)
  const unmapped = unmappedCustom(target.mapping, touchpoint)
  if (unmapped.length > 0) {
    const fields = unmapped.join(', ')
    return refuse(touchpoint.id, 'custom_field_not_mapped', `Add to the mapping of ${target.name} first: ${fields}.`, fields)
  }
  return { kind: 'fine', connectionId: target.id, touchpoint }
}

function refuse(id: string | null, code: RefusalCode, message: string, about = ''): Judged {
  return { kind: 'refused', why: { id, code, message }, about }
}

/** Whose record it was meant to be: of the connection that it names, else of the only one; null: of none that there is. */
function sourceOf({ byName, only }: Targets, item: unknown): string | null {
  const names = typeof item === 'object' && item !== null && 'connection' in item ? item.connection : undefined
  const target = names === undefined ? only : typeof names === 'string' ? byName.get(names) : undefined
  return target?.id ?? null
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

/** What the first problem is about: a field by its path, or keys that nobody knows. */
function subject({ issues: [issue] }: z.ZodError): string {
  return issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : (issue?.path.join('.') ?? '')
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
