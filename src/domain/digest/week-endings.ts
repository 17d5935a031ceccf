import { DAY_MS, later } from '../../clock.ts'
import type { Connection } from '../connections/connection.ts'
import type { Deps, SecretEnd } from '../deps.ts'
import { listedNames } from './breaks.ts'
import type { Ending, Listed } from './digest.ts'
import { firstOf } from './uptime.ts'

const ENDING_DAYS = 60
const LISTED = 5

type Logins = Awaited<ReturnType<Deps['store']['grants']['endingBefore']>>

export function endingsBefore(now: Date): Date {
  return later(now, ENDING_DAYS * DAY_MS)
}

/**
 * What ends within 60 days, the first first: logins of these connections that only a new login helps, and client secrets of their
 * providers. What has ended already has a card.
 */
export function weekEndings(
  connections: ReadonlyMap<string, Connection>,
  logins: Logins,
  secrets: readonly SecretEnd[],
  now: Date,
  label: (provider: string) => string,
): Listed<Ending> {
  const isNext = (at: Date) => at > now && at < endingsBefore(now)
  const ofLogins = logins.flatMap(({ grant, connections: using }): Ending[] => {
    const here = using.filter(({ id, health }) => connections.has(id) && health.status !== 'authorization_required')
    const at = grant.refreshExpiresAt
    if (here.length === 0 || at === null || !isNext(at)) return []
    return [{ kind: 'login', provider: label(grant.provider), endsAt: at.toISOString(), ...listedNames(here) }]
  })
  const providers = new Set([...connections.values()].map(({ provider }) => provider))
  const ofSecrets = secrets.flatMap(({ provider, at }): Ending[] => {
    if (!providers.has(provider) || !isNext(at)) return []
    return [{ kind: 'secret', provider: label(provider), endsAt: at.toISOString(), connections: [], others: 0 }]
  })
  return firstOf(
    [...ofLogins, ...ofSecrets].sort((a, b) => (a.endsAt < b.endsAt ? -1 : 1)),
    LISTED,
  )
}
