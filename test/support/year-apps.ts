import { DAY_MS, HOUR_MS, later, MINUTE_MS } from '../../src/clock.ts'
import type { Provider } from '../../src/domain/provider.ts'
import { salesforce } from '../../src/outbound/providers/salesforce/salesforce.ts'
import type { HandClock } from './hand-clock.ts'
import { LOGIN } from './memory-crm.ts'
import { DOWN, type MemoryProvider, memoryProvider } from './memory-provider.ts'
import { memorySalesforces, type Weather } from './memory-salesforces.ts'

/** Why a login is refused. `dead` and `inactive` last; the others pass by themselves. */
export type Ill = 'dead' | 'inactive' | 'blip' | 'doubt' | 'trouble'

/** One app registration with all its logins. */
export interface App {
  readonly provider: Provider
  refuse(user: string, why: Ill | null): void
  endAccess(user: string): void
  loseAnswer(user: string): void
  logIn(user: string, now: Date): ReturnType<MemoryProvider['logIn']>
  setWeather(weather: Weather): void
  onRefusal(see: (user: string) => void): void
  /** Refresh tokens that were shown once too often. */
  reused(): number
  weatherUntil: Date | null
  /** Since when it answers. */
  clearSince: Date
  troubleUntil: Date | null
}

const LIMIT = { kind: 'rate_limited', retryAfterMs: 90 * MINUTE_MS, code: '429', explanation: 'Too many calls.' } as const

/** The real adapter, with many orgs behind it. */
export function salesforceApp(clock: HandClock): App {
  const orgs = memorySalesforces()
  const provider = salesforce(
    { clientId: 'redkey', clientSecret: 'secret', loginUrl: LOGIN, apiVersion: 'v67.0' },
    { http: orgs.http, clock },
  )
  const said: Record<Ill, readonly [string, string]> = {
    dead: ['invalid_grant', 'expired access/refresh token'],
    blip: ['invalid_grant', 'expired access/refresh token'],
    inactive: ['inactive_user', 'user is inactive'],
    doubt: ['invalid_grant', 'authentication failure'],
    trouble: ['invalid_grant', 'authentication failure'],
  }
  return {
    provider,
    refuse: (user, why) => {
      // Half of the dead are told in words that no table is sure of.
      const isVague = why === 'dead' && user.length % 2 === 0
      orgs.of(user).refusal = why === null ? null : isVague ? ['invalid_grant', 'something new'] : said[why]
    },
    endAccess: (user) => orgs.of(user).endAccess(),
    loseAnswer: (user) => {
      orgs.of(user).loseAnswer = true
    },
    logIn: (user) => orgs.logIn(user),
    setWeather: (weather) => {
      orgs.weather = weather
    },
    onRefusal: orgs.onRefusal,
    reused: () => 0,
    weatherUntil: null,
    clearSince: clock.now(),
    troubleUntil: null,
  }
}

/** A provider at its port, with the peculiarities of the one it is named after. */
export function adsApp(name: 'google-ads' | 'meta' | 'linkedin', clock: HandClock): App {
  const memory = memoryProvider(clock, {
    name,
    provesLogins: name === 'google-ads',
    ...(name === 'google-ads' && { dailyCalls: 2880 }),
    accessMs: name === 'meta' ? null : name === 'linkedin' ? DAY_MS : HOUR_MS,
    rotates: name === 'meta',
  })
  return {
    provider: memory.provider,
    refuse(user, why) {
      const login = memory.of(user)
      login.doubtful = why === 'doubt' || why === 'trouble'
      if (why === 'dead' || why === 'blip' || why === 'inactive') login.revoked = true
      if (why === null) login.revoked = false
    },
    endAccess: (user) => memory.of(user).endAccess(),
    loseAnswer: (user) => {
      memory.of(user).loseAnswer = true
    },
    logIn: (user, from) => memory.logIn(user, name === 'linkedin' ? later(from, 365 * DAY_MS) : null),
    setWeather: (weather) => {
      memory.everybody = weather === null ? null : weather === 'limit_403' ? LIMIT : DOWN
    },
    onRefusal: memory.onRefusal,
    reused: () => memory.calls.reused,
    weatherUntil: null,
    clearSince: clock.now(),
    troubleUntil: null,
  }
}
