import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, later, MINUTE_MS } from '../../src/clock.ts'
import type { Connection, Health } from '../../src/domain/connections/connection.ts'
import { type ProbeRules, planProbes } from '../../src/domain/connections/plan-probes.ts'
import { aConnection, at } from '../support/builders.ts'

/** Google Ads, "Explorer" access: https://developers.google.com/google-ads/api/docs/api-policy/access-levels (2026-11). */
const EXPLORER_CALLS = 2880
const GOOGLE: ProbeRules = { checkEveryMs: 5 * MINUTE_MS, provesLogins: true, dailyCalls: EXPLORER_CALLS, ofApp: 60 }
const META: ProbeRules = { checkEveryMs: 5 * MINUTE_MS, provesLogins: false, dailyCalls: null, ofApp: 60 }

function accounts(count: number, health: Partial<Health> = {}): Connection[] {
  return Array.from({ length: count }, (_, n) => {
    const plain = aConnection({ id: `c${n}`, kind: 'ads' })
    return { ...plain, health: { ...plain.health, ...health } }
  })
}

/** Lives through a time, one round after the other; tells what was asked for. */
function live(connections: readonly Connection[], rules: ProbeRules, forMs: number) {
  const probedAt = new Map<string, Date>()
  const gaps = new Map<string, number>()
  let probes = 0
  let logins = 0
  let most = 0
  for (let now = at(0); now < later(at(0), forMs); now = later(now, rules.checkEveryMs)) {
    const plan = planProbes(connections, probedAt, now, rules)
    if (plan.login) logins++
    probes += plan.accounts.length
    most = Math.max(most, plan.accounts.length)
    for (const { id } of plan.accounts) {
      const last = probedAt.get(id)
      if (last) gaps.set(id, Math.max(gaps.get(id) ?? 0, now.getTime() - last.getTime()))
      probedAt.set(id, now)
    }
  }
  return { probes, logins, most, gaps: [...gaps.values()], asked: probedAt.size }
}

test('60 accounts of one login fit into a fifth of what the smallest access level of Google allows in a day', () => {
  const { probes, logins, most, gaps, asked } = live(accounts(60), GOOGLE, DAY_MS)
  expect(probes).toBeLessThan(EXPLORER_CALLS * 0.2)
  expect(most).toBeLessThanOrEqual(2)
  expect(asked).toBe(60)
  expect(Math.max(...gaps)).toBeLessThan(3 * HOUR_MS)
  expect(logins).toBe(288)
})

test('so do 200, and 60 of them that do not work', () => {
  expect(live(accounts(200), { ...GOOGLE, ofApp: 200 }, DAY_MS).probes).toBeLessThan(EXPLORER_CALLS * 0.2)
  const denied = accounts(60, { status: 'permission_required', cause: 'access_lost' })
  expect(live(denied, GOOGLE, DAY_MS).probes).toBeLessThan(EXPLORER_CALLS * 0.2)
})

test('a handful of accounts is asked for once an hour each, and their login in every round', () => {
  const { probes, logins, gaps } = live(accounts(5), { ...GOOGLE, ofApp: 5 }, DAY_MS)
  expect(logins).toBe(288)
  expect(probes).toBeLessThanOrEqual(5 * 25)
  expect(Math.max(...gaps)).toBeLessThanOrEqual(HOUR_MS + 5 * MINUTE_MS)
})

test('closer checks ask sooner, but for no more of the quota', () => {
  const close = { ...GOOGLE, checkEveryMs: 5000, ofApp: 3 }
  expect(live(accounts(3), { ...close, dailyCalls: null }, HOUR_MS).probes).toBeGreaterThan(3 * 50)
  expect(live(accounts(3), close, DAY_MS).probes).toBeLessThan(EXPLORER_CALLS * 0.2)
})

test('where only an account can prove the login, each round asks for one, in turn', () => {
  const { probes, logins, gaps, asked } = live(accounts(12), META, DAY_MS)
  expect(logins).toBe(0)
  expect(probes).toBe(288)
  expect(asked).toBe(12)
  expect(Math.max(...gaps)).toBe(HOUR_MS)
})

test('a single account whose login proves itself by it is asked for in every round', () => {
  const [only] = accounts(1)
  expect(planProbes([only as Connection], new Map(), at(0), META)).toEqual({ login: false, accounts: [only] })
  expect(live([only as Connection], META, HOUR_MS).probes).toBe(12)
})

test('a doubt and silence do not wait for their turn, one account for all of the login', () => {
  const fine = accounts(30)
  const justNow = new Map(fine.map(({ id }) => [id, at(0)]))
  const rest = { ...GOOGLE, ofApp: 30 }
  expect(planProbes(fine, justNow, at(MINUTE_MS), rest).accounts).toEqual([])
  for (const health of [{ suspectSince: at(0) }, { unreachableSince: at(0) }]) {
    const shaken = accounts(30, health)
    expect(planProbes(shaken, justNow, at(MINUTE_MS), rest).accounts).toHaveLength(1)
  }
  const red = accounts(30, { status: 'authorization_required', cause: 'revoked' })
  expect(planProbes(red, justNow, at(MINUTE_MS), rest).accounts).toEqual([])
  expect(planProbes(red, justNow, at(16 * MINUTE_MS), rest).accounts).toHaveLength(1)
})

test('what does not work comes before what does', () => {
  const plain = accounts(24)
  const broken = accounts(1, { status: 'permission_required', cause: 'access_lost' })[0] as Connection
  const all = [...plain.slice(1), { ...broken, id: 'broken' }]
  const long = new Map(all.map(({ id }) => [id, at(id === 'broken' ? HOUR_MS : 0)]))
  expect(planProbes(all, long, at(4 * HOUR_MS), { ...GOOGLE, ofApp: 24 }).accounts[0]?.id).toBe('broken')
})
