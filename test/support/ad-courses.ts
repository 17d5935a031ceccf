import { expect } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '../../src/clock.ts'
import type { Connection } from '../../src/domain/connections/connection.ts'
import { type Day, eachDay } from '../../src/domain/day.ts'
import type { ProviderName } from '../../src/domain/provider.ts'
import type { Fakes } from '../../src/sandbox/fakes.ts'
import type { AdLibrary } from '../../src/sandbox/providers/ads/ad-library.ts'
import { ANA } from '../../src/sandbox/slack/people.ts'
import { type ConnectChoice, connectAccount } from '../../src/sandbox/story.ts'
import { clickInWindow, shownIn, windowOf } from './windows.ts'
import type { World } from './world.ts'

/** How one ad platform goes through a scenario. */
export interface AdCourse {
  readonly label: string
  readonly choice: ConnectChoice
  readonly library: (fakes: Fakes) => AdLibrary
  readonly end: (fakes: Fakes) => void
  readonly isEachAd?: true
  /** Days that are read again after an outage: see the adapter's `costReach`. */
  readonly restatedDays: number
}

const ANA_AT_ACME = { org: 'Acme Inc', username: 'ana@acme.example' }

export const AD_COURSES = {
  'google-ads': {
    label: 'Google Ads',
    choice: { ...ANA_AT_ACME, accounts: ['Acme EU'] },
    library: ({ google }) => google.library('Acme EU'),
    end: ({ google }) => void google.revoke('ana@acme.example'),
    restatedDays: 30,
  },
  'microsoft-ads': {
    label: 'Microsoft Advertising',
    choice: { ...ANA_AT_ACME, accounts: ['Acme Search EU'] },
    library: ({ microsoftAds }) => microsoftAds.library('Acme Search EU'),
    end: ({ microsoftAds }) => microsoftAds.endLogins('revoked'),
    restatedDays: 30,
  },
  meta: {
    label: 'Meta Ads',
    choice: { org: 'Acme Inc', username: 'mia@acme.example', accounts: ['Acme US'] },
    library: ({ meta }) => meta.library('Acme US'),
    end: ({ meta }) => meta.kill('mia@acme.example', 'appRemoved'),
    isEachAd: true,
    restatedDays: 28,
  },
  linkedin: {
    label: 'LinkedIn Ads',
    choice: { org: 'Acme Inc', username: 'lea@acme.example', accounts: ['Acme Demand Gen'] },
    library: ({ linkedin }) => linkedin.library('Acme Demand Gen'),
    end: ({ linkedin }) => linkedin.revoke('lea@acme.example'),
    restatedDays: 14,
  },
  cm360: {
    label: 'Campaign Manager 360',
    choice: { ...ANA_AT_ACME, accounts: ['Acme Media'] },
    library: ({ google }) => google.cm360.library('Acme Media'),
    end: ({ google }) => void google.revoke('ana@acme.example'),
    restatedDays: 34,
  },
} as const satisfies Partial<Record<ProviderName, AdCourse>>

export type AdProvider = keyof typeof AD_COURSES

export function courseOf(provider: AdProvider): AdCourse {
  return AD_COURSES[provider]
}

/** An ad account that is connected, with its first costs downloaded. */
export async function connectAds(world: World, provider: AdProvider): Promise<AdLibrary> {
  const { choice, library } = courseOf(provider)
  await connectAccount(world.slack, { ...choice, provider })
  await world.beat(2)
  await work(world, provider)
  return library(world.sandbox.fakes)
}

/** The login ends at the provider, and two checks later its card is red. */
export async function loseLogin(world: World, provider: AdProvider): Promise<void> {
  courseOf(provider).end(world.sandbox.fakes)
  for (let check = 0; check < 2; check++) {
    world.turn(5 * MINUTE_MS)
    await world.beat(2)
  }
  expect((await connectionOf(world, provider)).health.status).toBe('authorization_required')
}

/** Lets everything about ads happen that is due, reports of providers included, however often it takes. */
export async function work(world: World, provider: string): Promise<void> {
  const { id } = await connectionOf(world, provider)
  for (let round = 0; round < 60; round++) {
    for (const job of ['renew', 'checks', 'costs', 'ads', 'drain', 'messages']) await world.run(job)
    const dues = [(await world.store.costs.find(id))?.dueAt, (await world.store.adScans.find(id))?.dueAt]
    const next = Math.min(...dues.map((due) => (due ?? world.clock.now()).getTime())) - world.clock.now().getTime()
    if (next > 20 * MINUTE_MS) {
      world.turn(SECOND_MS) // Slack takes one post a second
      return world.run('messages')
    }
    world.turn(Math.max(next, SECOND_MS))
  }
  throw new Error('the work about ads does not end')
}

export async function connectionOf(world: World, name: string): Promise<Connection> {
  const [workspace] = await world.store.workspaces.all()
  const connection = await world.store.connections.byName(workspace?.teamId ?? '', name)
  if (!connection) throw new Error(`no connection ${name}`)
  return connection
}

export interface Costs {
  readonly currency: string
  readonly days: readonly { readonly day: Day; readonly state: string; readonly amount: string | null }[]
}

export async function costsOf(world: World, provider: string, from: Day, to: Day): Promise<Costs> {
  const { status, body } = await world.api(`/v1/connections/${provider}/costs?from=${from}&to=${to}`)
  expect(status).toBe(200)
  return body as unknown as Costs
}

/** What the platform says now of each day. */
export function truth(library: AdLibrary, from: Day, to: Day): Map<Day, bigint> {
  const totals = new Map(eachDay({ from, to }).map((day) => [day, 0n]))
  for (const { day, cents } of library.costs(from, to)) totals.set(day, (totals.get(day) ?? 0n) + BigInt(cents) * 10_000n)
  return totals
}

/** The form of auto-tagging, as Ana comes to it. */
export async function openTagging(world: World, provider: AdProvider): Promise<void> {
  await windowOf(world, ANA, `settings ${provider}`)
  expect(shownIn(await clickInWindow(world, ANA, 'tagging'))).toContain('URL parameters')
}

/** Switches auto-tagging on as Ana, with what the form offers. */
export async function tagInSlack(world: World, provider: AdProvider): Promise<void> {
  const { slack } = world
  await openTagging(world, provider)
  const agreement = courseOf(provider).isEachAd ? { agreement: ['yes'] } : {}
  const seen = await slack.submitView(ANA, { is_tagging: 'on', ...agreement })
  expect(seen.error ?? null).toBeNull()
  expect(JSON.stringify(slack.view(ANA))).toContain('Auto-tagging is on')
  await slack.closeView(ANA, true)
  world.turn(SECOND_MS)
}
