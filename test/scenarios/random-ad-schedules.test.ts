import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays, dayIn, eachDay } from '../../src/domain/day.ts'
import { decimalOf, microsOf } from '../../src/domain/micros.ts'
import { missingKeys } from '../../src/domain/tags/parameters.ts'
import { type AdLife, anAdLife } from '../support/ad-life.ts'
import { adSchedule } from '../support/ad-schedule.ts'
import { at } from '../support/builders.ts'
import { type EmptyDatabase, emptyDatabase } from '../support/empty-database.ts'
import { aSeed, fromEnvironment } from '../support/seeded.ts'

/** How many schedules are lived through. `TEST_SCHEDULES=5000` is a longer proof. */
const SCHEDULES = fromEnvironment('TEST_SCHEDULES', 60)
/** CI's patience. Whoever asks for a number of schedules waits for them. */
const AT_MOST_MS = process.env['TEST_SCHEDULES'] === undefined ? 8_000 : 3_600_000

let databases: EmptyDatabase
beforeAll(async () => {
  databases = await emptyDatabase()
})
afterAll(() => databases.remove())

test('whatever happens, and in whatever order, no day is lost, doubled or made zero, and parameters are set once and taken back whole', {
  timeout: AT_MOST_MS + 30_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(adSchedule, async ({ turns, ...how }) => {
      const databaseFile = databases.next()
      await using life = await anAdLife(databaseFile, how)
      for (const turn of turns) {
        await life.play(turn)
        await expectNothingWrong(life)
      }
      await life.heal()
      await expectNothingWrong(life)
      await expectAllToBeThere(life)
      await expectTrueReports(life)
      await expectTrueTags(life)
      await expectNothingTwice(life)
      await life.undoAll()
      expect(life.ads.template).toBe(life.own())
      for (const { creative } of life.ads.ads) expect(creative.copyOf).toBeNull()
    }),
    { numRuns: SCHEDULES, seed: aSeed(), interruptAfterTimeLimit: AT_MOST_MS, markInterruptAsFailure: false },
  )
})

const EVER = { from: '2026-01-01', to: '2029-12-31' }

/** Each day costs something, so none may ever be zero; and what somebody set by hand is never touched. */
async function expectNothingWrong(life: AdLife): Promise<void> {
  const { store } = await life.observer()
  const days = await store.costs.days(life.connectionId, EVER)
  expect(days.filter(({ state, micros }) => state !== 'lost' && micros <= 0n)).toEqual([])
  expect(withoutUtm(life.ads.template)).toBe(life.own())
  expect({ fights: life.fights, unrecorded: life.unrecorded }).toEqual({ fights: [], unrecorded: [] })
}

function withoutUtm(parameters: string): string {
  return parameters
    .split('&')
    .filter((pair) => !pair.startsWith('utm_'))
    .join('&')
}

/** Every day since thirty days before the account was added, to the millionth, and as much campaign by campaign. */
async function expectAllToBeThere({ connectionId, ads, observer }: AdLife): Promise<void> {
  const { store, deps } = await observer()
  const today = dayIn(ads.timeZone, deps.clock.now())
  const span = { from: addDays(dayIn(ads.timeZone, at(0)), -29), to: addDays(today, -1) }
  const truth = eachDay(span).map((day) => ({ day, amounts: [...ads.spend(day)].sort(byName) }))
  const rows = await store.costs.rows(connectionId, span, null, 100_000)
  const told = Map.groupBy(rows, ({ day }) => day)
  const found = eachDay(span).map((day) => {
    const amounts = (told.get(day) ?? []).map(({ campaignId, micros }): [string, bigint] => [campaignId, micros])
    return { day, amounts: amounts.sort(byName) }
  })
  expect(found).toEqual(truth)
  expect(await store.costs.days(connectionId, span)).toEqual(
    truth.map(({ day, amounts }) => ({ day, state: 'whole', micros: amounts.reduce((sum, [, micros]) => sum + micros, 0n) })),
  )
}

function byName([a]: readonly [string, bigint], [b]: readonly [string, bigint]): number {
  return a < b ? -1 : 1
}

/** Each day of an outage stands in one report, with what it cost, and each report names ads of its outage only. */
async function expectTrueReports({ connectionId, ads, observer }: AdLife): Promise<void> {
  const { store, dialect } = await observer()
  expect(await store.gaps.unfinished(connectionId)).toBeUndefined()
  const told: string[] = []
  const outages = await dialect.queries.select().from(dialect.tables.outages)
  for (const { since, until, costs, tags } of await dialect.queries.select().from(dialect.tables.gaps)) {
    if (costs === null || tags === null) continue // it became part of the next
    const days = costs.backfilled.map(({ day }) => day)
    told.push(...days)
    // What was read before the outage was noticed is not missed.
    const noticed = Math.min(...outages.map(({ openedAt }) => openedAt.getTime()).filter((time) => time >= since.getTime()))
    const away = { from: dayIn(ads.timeZone, new Date(noticed)), to: addDays(dayIn(ads.timeZone, until), -1) }
    expect(days).toEqual(expect.arrayContaining(eachDay(away)))
    expect(costs.amount).toBe(decimalOf(costs.backfilled.reduce((sum, { amount }) => sum + (microsOf(amount) ?? 0n), 0n)))
    expect(costs.restated.filter(({ day }) => days.includes(day))).toEqual([])
    if (tags.kind !== 'on') continue
    expect(tags.covered + tags.late + tags.never).toBe(tags.ads.length)
    const created = ads.ads.filter(({ createdAt }) => createdAt > since && createdAt <= until).map(({ id }) => id)
    expect(tags.ads.filter(({ id }) => !created.includes(id))).toEqual([])
  }
  expect(told.length).toBe(new Set(told).size)
}

/** Everything that was set is known as set, stands in the history once, and nothing is missing that nobody has taken away. */
async function expectTrueTags({ connectionId, ads, observer }: AdLife): Promise<void> {
  const { store, dialect } = await observer()
  const changes = await dialect.queries.select().from(dialect.tables.tagChanges)
  expect(changes.filter(({ madeAt }) => madeAt === null)).toEqual([])
  const history = await store.history.of(connectionId, 1000)
  const counted = (action: string) => history.filter((entry) => entry.action === action).length
  expect(counted('tags_set')).toBe(changes.length)
  expect(counted('tags_undone')).toBe(changes.filter(({ undoneAt }) => undoneAt !== null).length)
  const scan = await store.adScans.find(connectionId)
  const { parameters = '', settingsAt = null, taggingSince = null, templates = [] } = scan ?? {}
  if (ads.platform.tagging.kind === 'inherited') {
    const isLeft = templates.some(({ trouble }) => trouble !== null)
    if (!isLeft) expect(missingKeys(ads.template, parameters)).toEqual([])
    return
  }
  for (const ad of await store.adScans.created(connectionId, taggingSince ?? at(0), at(1e13))) {
    const shown = ads.ads.find(({ id }) => id === ad.id)
    const isOurs = changes.some(({ targetId, at: time }) => targetId === ad.id && settingsAt !== null && time >= settingsAt)
    // Ads that were there when the settings were saved stay as they are.
    const isOfNow = settingsAt !== null && ad.seenAt >= settingsAt
    if (ad.coveredAt !== null && isOfNow) expect(missingKeys(ad.parameters, parameters)).toEqual([])
    if (!isOurs) expect(shown?.creative.copyOf === null || ad.coveredAt !== null || shown?.untaggable !== null).toBe(true)
  }
}

/** A second time, nothing changes. */
async function expectNothingTwice(life: AdLife): Promise<void> {
  const { store, deps } = await life.observer()
  const yesterday = addDays(dayIn(life.ads.timeZone, deps.clock.now()), -1)
  const days = { from: EVER.from, to: yesterday }
  const look = async () => ({
    days: await store.costs.days(life.connectionId, days),
    rows: (await store.costs.rows(life.connectionId, days, null, 100_000)).map(({ campaignName, ...row }) => row),
    template: life.ads.template,
    shown: life.ads.ads.map(({ creative }) => creative),
    changes: await store.adScans.changes(life.connectionId, 1000),
  })
  const before = await look()
  await life.hours(8)
  expect(await look()).toEqual(before)
}
