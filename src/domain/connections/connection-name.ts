import type { Deps } from '../deps.ts'
import { nearestName } from '../nearest.ts'
import { PROVIDER_NAMES, type ProviderName } from '../provider.ts'
import type { Connection } from './connection.ts'

export const LONGEST_NAME = 40

/** What people type for something else: no connection may be called so. The words of the command are among them. */
export const RESERVED_NAMES = [
  ...['list', 'add', 'reauthorize', 'reauthorise', 'check', 'history', 'rejects', 'pause', 'resume', 'rename', 'remove'],
  ...[
    'settings',
    'channel',
    'digest',
    'help',
    'invite',
    'connect',
    'delete',
    'disconnect',
    'show',
    'status',
    'all',
    'none',
    'off',
    'on',
    'home',
  ],
] as const

export type NameJudged =
  | { readonly kind: 'fine' }
  /** `suggestion` is a name that could be meant; null: nothing usable is left of it. */
  | { readonly kind: 'no_slug'; readonly suggestion: string | null }
  | { readonly kind: 'reserved' }
  /** It would look like a connection of that provider. */
  | { readonly kind: 'other_provider'; readonly provider: ProviderName }

/** Whether a connection of this provider may be called so. Whether somebody has the name is another question. */
export function judgeName(wanted: string, provider: ProviderName): NameJudged {
  if (!isSlug(wanted)) return { kind: 'no_slug', suggestion: slugOf(wanted) }
  if (RESERVED_NAMES.some((word) => word === wanted)) return { kind: 'reserved' }
  const other = PROVIDER_NAMES.find((name) => name !== provider && isNamedAfter(wanted, name))
  return other ? { kind: 'other_provider', provider: other } : { kind: 'fine' }
}

function isSlug(text: string): boolean {
  return text.length <= LONGEST_NAME && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text)
}

/** `hubspot`, `hubspot-2`. */
function isNamedAfter(name: string, provider: ProviderName): boolean {
  return name === provider || (name.startsWith(`${provider}-`) && /^\d+$/.test(name.slice(provider.length + 1)))
}

/** "Acme EU!" → `acme-eu`. */
function slugOf(text: string): string | null {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  const slug = plain
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_NAME)
    .replace(/^-+|-+$/g, '')
  return slug === '' ? null : slug
}

type NameDeps = Pick<Deps, 'store'>

/** The connection of that name. `nearest`: what it is called now, or else the name that was probably meant. */
export type Named =
  | { readonly kind: 'found'; readonly connection: Connection }
  | { readonly kind: 'unknown'; readonly nearest: string | null }

export async function findNamed({ store }: NameDeps, teamId: string, name: string): Promise<Named> {
  const connection = await store.connections.byName(teamId, name)
  return connection
    ? { kind: 'found', connection }
    : { kind: 'unknown', nearest: await nearestConnection({ store }, teamId, name) }
}

export async function nearestConnection({ store }: NameDeps, teamId: string, name: string): Promise<string | null> {
  const former = await store.settings.formerNames(teamId)
  const renamed = former.find((one) => one.name === name)
  if (renamed) return renamed.nowNamed
  const names = (await store.connections.overviews(teamId)).map(({ connection }) => connection.name)
  return nearestName(name, names)
}

/** The name as programs may still know it, as it is now. */
export async function nameNow({ store }: NameDeps, teamId: string, name: string): Promise<string> {
  if (await store.connections.byName(teamId, name)) return name
  const former = await store.settings.formerNames(teamId)
  return former.find((one) => one.name === name)?.nowNamed ?? name
}
