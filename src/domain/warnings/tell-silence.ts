import { later } from '../../clock.ts'
import { newMessage } from '../cards/new-message.ts'
import type { Connection } from '../connections/connection.ts'
import type { Deps } from '../deps.ts'
import { newWarning, type Silence, sameOnes, type Warning } from './warning.ts'

type SilenceDeps = Pick<Deps, 'store' | 'clock' | 'newId' | 'settings' | 'log'>
type Open = Warning & { readonly detail: Silence }

/**
 * Tells which providers have given no usable answer for `REDKEY_UNREACHABLE_AFTER`: one note for each provider and channel, which
 * lists all connections that have been silent for half of that, and when each is reachable again. Runs on the beat.
 */
export async function tellSilence(deps: SilenceDeps): Promise<void> {
  const { store, clock, settings } = deps
  const now = clock.now()
  const open = (await store.warnings.open()).filter((one): one is Open => one.detail.kind === 'silence')
  const silent = await store.connections.silentSince(later(now, -settings.unreachableAfterMs / 2))
  const places = Map.groupBy(silent, subjectOf)
  for (const [subject, connections] of places) {
    const known = open.find((one) => one.subject === subject && one.teamId === connections[0]?.teamId)
    if (known) await keepUp(deps, known, connections)
    else await raise(deps, subject, connections, silent)
  }
  for (const known of open) if (!places.has(known.subject)) await keepUp(deps, known, [])
}

function subjectOf({ teamId, provider, channelId }: Connection): string {
  return ['silence', teamId, provider, channelId ?? ''].join(' ')
}

async function raise(
  deps: SilenceDeps,
  subject: string,
  connections: readonly Connection[],
  all: readonly Connection[],
): Promise<void> {
  const { store, clock, settings, log } = deps
  const [longest] = connections
  const since = longest?.health.unreachableSince
  if (!since || later(since, settings.unreachableAfterMs) > clock.now()) return
  const others = all.some(({ teamId, provider }) => teamId === longest.teamId && provider !== longest.provider)
  const everybody = others && (await store.connections.answering(longest.teamId)) === 0
  const message = newMessage(deps, longest, 'warning')
  const detail: Silence = { kind: 'silence', provider: longest.provider, silent: silentOnes(connections), back: [], everybody }
  if (await store.warnings.raise(newWarning(message, subject, detail), message))
    log.warn('provider.silent', { provider: longest.provider, connections: connections.length })
}

async function keepUp({ store, clock }: SilenceDeps, known: Open, connections: readonly Connection[]): Promise<void> {
  const { detail } = known
  const silent = silentOnes(connections)
  if (sameOnes(silent, detail.silent)) return
  const now = clock.now()
  const ids = new Set(silent.map(({ id }) => id))
  const back = [...detail.back.filter(({ id }) => !ids.has(id))]
  for (const one of detail.silent) {
    if (ids.has(one.id)) continue
    const proof = (await store.connections.find(one.id))?.health.lastProofAt
    const until = proof && proof > new Date(one.since) ? proof : now
    back.push({ ...one, until: until.toISOString() })
  }
  const next = { ...detail, silent, back, everybody: detail.everybody && back.length === 0 }
  await store.warnings.change(known, { detail: next, closedAt: silent.length === 0 ? now : null }, null, now)
}

function silentOnes(connections: readonly Connection[]): Silence['silent'] {
  return connections.flatMap(({ id, name, accountName, health: { unreachableSince: since } }) =>
    since === null ? [] : { id, name, accountName, since: since.toISOString() },
  )
}
