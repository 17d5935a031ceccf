import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS } from '../../src/clock.ts'
import { addDays, type Day, dayIn, eachDay } from '../../src/domain/day.ts'
import type { GapTags } from '../../src/domain/gaps/gap.ts'
import { decimalOf, microsOf } from '../../src/domain/micros.ts'
import { MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import {
  AD_COURSES,
  type AdProvider,
  connectAds,
  connectionOf,
  costsOf,
  courseOf,
  loseLogin,
  tagInSlack,
  truth,
  work,
} from '../support/ad-courses.ts'
import { aVisitor } from '../support/visitor.ts'
import { aTouchpoint, aWorld } from '../support/world.ts'

/** Longer than LinkedIn's amounts still change: what it told before is read again all the same. */
const OUTAGE_DAYS = 16

test.each(Object.keys(AD_COURSES) as AdProvider[])(
  '%s: sixteen days away are filled to the cent, and each ad is told by what became of it',
  async (provider) => {
    const { label, choice, isEachAd = false } = courseOf(provider)
    await using world = await aWorld()
    const { store, clock } = world
    await world.connect()
    const library = await connectAds(world, provider)
    await tagInSlack(world, provider)
    await work(world, provider)
    world.turn(2 * HOUR_MS)
    library.createAd({ name: 'Before' })
    world.turn(5 * HOUR_MS)
    await work(world, provider)
    const { id } = await connectionOf(world, provider)
    const [before] = await store.adScans.created(id, new Date(0), clock.now())
    expect(before).toMatchObject({ name: 'Before', trouble: null })
    expect(before?.coveredAt).not.toBeNull()

    // Gone.
    const today = dayIn(library.timeZone, clock.now())
    const lastWhole = addDays(today, -1)
    expect(await store.costs.find(id)).toMatchObject({ wholeUpTo: lastWhole, trouble: null })
    const known = await costsOf(world, provider, addDays(today, -29), lastWhole)
    await loseLogin(world, provider)
    const red = world.texts().find((text) => text.includes(`${label} needs authorization`))
    expect(red).toMatch(/Cost data has not been downloaded since/)
    expect(red).toMatch(/New ads get no UTM parameters.*can't be tagged later/)

    const outageId = (await store.connections.overview(id))?.outage?.id ?? ''

    // Meanwhile ads are created, and one campaign gets parameters of its own.
    const [, second] = library.campaigns
    if (!second) throw new Error('the account has one campaign only')
    world.turn(2 * DAY_MS)
    const plain = library.createAd({ name: 'Plain' })
    world.turn(2 * DAY_MS)
    if (!isEachAd) second.parameters = 'utm_source=newsletter'
    const lower = library.createAd({ name: 'In the other campaign', campaignId: second.id })
    const touched = (adId: string) => aTouchpoint({ adId, occurredAt: clock.now().toISOString() })
    world.turn(HOUR_MS)
    await world.send(touched(plain.id), touched(lower.id), touched(lower.id), touched('of another account'))
    for (let day = 4; day < OUTAGE_DAYS; day++) {
      world.turn(DAY_MS)
      await world.beat(1)
    }
    expect((await connectionOf(world, provider)).health.status).toBe('authorization_required')
    expect((await store.costs.find(id))?.wholeUpTo).toBe(lastWhole)

    // Back.
    const reports = () => world.threadTexts().filter((text) => text.includes('gap report'))
    expect(reports()).toEqual([])
    expect((await aVisitor().login(world.reauthorizeUrl(), choice)).text).toContain('authorized again')
    await work(world, provider)
    const now = dayIn(library.timeZone, clock.now())
    const yesterday = addDays(now, -1)
    const filled = eachDay({ from: addDays(lastWhole, 1), to: yesterday })
    expect(filled.length).toBeGreaterThanOrEqual(OUTAGE_DAYS)
    const told = truth(library, addDays(today, -29), yesterday)
    const stored = await costsOf(world, provider, addDays(today, -29), yesterday)
    expect(stored.currency).toBe(library.currency)
    expect(stored.days.map(({ day, state, amount }) => [day, state, amount])).toEqual(
      stored.days.map(({ day }) => [day, 'whole', decimalOf(told.get(day) ?? 0n)]),
    )

    // The report, number by number.
    expect(reports()).toHaveLength(1)
    const outages = world.slack.messages(MARKETING_OPS).length
    const gap = await store.gaps.ofOutage(outageId)
    expect(gap?.costs?.backfilled.map(({ day }) => day)).toEqual(filled)
    const sum = filled.reduce((total, day) => total + (told.get(day) ?? 0n), 0n)
    expect(gap?.costs).toMatchObject({ currency: library.currency, amount: decimalOf(sum), lost: [] })
    const restated = known.days.filter(({ day, amount }) => microsOf(amount ?? '') !== told.get(day))
    expect(restated.length).toBeGreaterThan(0)
    expect(gap?.costs?.restated).toEqual(
      restated.map(({ day, amount }) => ({ day, before: amount, after: decimalOf(told.get(day) ?? 0n) })),
    )
    expect(fates(gap?.tags ?? null)).toEqual(
      isEachAd
        ? [
            ['In the other campaign', 'late'],
            ['Plain', 'late'],
          ]
        : [
            ['In the other campaign', 'never'],
            ['Plain', 'covered'],
          ],
    )
    expect(gap?.tags).toMatchObject({ kind: 'on', touchpoints: isEachAd ? 3 : 2 })
    const [report = ''] = reports()
    expect(report).toContain(`${filled.length} days backfilled`)
    expect(report).toContain('2 ads created meanwhile')
    const shown = JSON.stringify(world.slack.messages(MARKETING_OPS).flatMap(({ ts }) => world.slack.thread(MARKETING_OPS, ts)))
    expect(shown).toMatch(/can't be repaired/)
    for (const name of ['Plain', 'In the other campaign']) expect(shown).toMatch(new RegExp(`<https://[^|]+\\|${name}>`))

    // Once more: nothing changes.
    world.turn(7 * HOUR_MS)
    await work(world, provider)
    expect(reports()).toHaveLength(1)
    expect(world.slack.messages(MARKETING_OPS)).toHaveLength(outages)
    const again = await costsOf(world, provider, filled[0] ?? '', yesterday)
    const later = truth(library, filled[0] ?? '', yesterday)
    const isRead = (day: Day) => later.get(day) === microsOf(stored.days.find((one) => one.day === day)?.amount ?? '')
    for (const { day, amount, state } of again.days.filter(({ day }) => isRead(day)))
      expect([day, state, amount]).toEqual([day, 'whole', decimalOf(later.get(day) ?? 0n)])
  },
  120_000,
)

function fates(tags: GapTags | null): [string, string][] {
  if (tags?.kind !== 'on') throw new Error(`no tags: ${JSON.stringify(tags)}`)
  return tags.ads.map(({ name, fate }): [string, string] => [name, fate]).sort()
}
