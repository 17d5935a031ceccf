import { describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/clock.ts'
import { ANA, BEN, CHLOE, GUEST, MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { answerTo, backlogOf, cardsSaying, goRed, reports, shownBy } from '../support/acts.ts'
import { aTouchpoint, aWorld, touchpoints, type World } from '../support/world.ts'

const ALIKE = 'refuses touchpoints alike'
const STOPPED = 'Pushing to Salesforce has stopped'
const RULE = { code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Only open campaigns.', fields: [] } as const

const tooLong = (count: number, prefix = 'long') =>
  Array.from({ length: count }, (_, n) => aTouchpoint({ id: `${prefix}_${n}`, adContent: `${prefix} ${n} ${'x'.repeat(300)}` }))

async function click(world: World, text: string, action: string, userId = ANA): Promise<string> {
  const card = cardsSaying(world, text).at(-1)
  if (!card) throw new Error(`no card says ${text}`)
  return answerTo(world, userId, () => world.slack.click(userId, { channel: MARKETING_OPS, ts: card.ts }, action))
}

describe('many touchpoints that Salesforce refuses alike', () => {
  test('raise one yellow card a day, with field, value, words, how many and which; the others are pushed', async () => {
    await using world = await aWorld()
    await world.connect()
    await world.send(...touchpoints(300), ...tooLong(25))
    await world.beat(7)
    const [card, ...more] = cardsSaying(world, ALIKE)
    expect(more).toEqual([])
    const shown = shownBy(card)
    expect(shown).toContain('`bizible2__Ad_Content__c`')
    expect(shown).toContain('*Value, for example*\\n`long 0 xxx')
    expect(shown).toContain('Ad Content: data value too large: long 0 xxx')
    expect(shown).toContain('`STRING_TOO_LONG`')
    expect(shown).toContain('`long_0`, `long_1`, `long_2`')
    expect(shown).toMatch(/\*25 of \d+ touchpoints were refused for one reason\*/)
    expect(await backlogOf(world)).toEqual({ waiting: 0, pushed: 300, superseded: 0, rejected: 25 })

    // More of them are counted on the same card, by an edit every few minutes.
    await world.send(...tooLong(10, 'again'))
    await world.beat(7)
    expect(shownBy(cardsSaying(world, ALIKE)[0])).not.toContain('by now')
    world.turn(3 * MINUTE_MS)
    await world.beat(7)
    expect(cardsSaying(world, ALIKE)).toHaveLength(1)
    expect(shownBy(cardsSaying(world, ALIKE)[0])).toContain('*35 by now*')

    // Another field is another reason; the same one is told again on another day.
    await world.send(...Array.from({ length: 20 }, (_, n) => aTouchpoint({ id: `e_${n}`, keyword: 'k'.repeat(300) })))
    await world.beat(7)
    expect(cardsSaying(world, ALIKE)).toHaveLength(2)
    world.turn(DAY_MS)
    await world.send(...tooLong(20, 'tomorrow'))
    await world.beat(7)
    expect(cardsSaying(world, ALIKE)).toHaveLength(3)
    expect(shownBy(cardsSaying(world, ALIKE)[2])).toContain('*20 of 20 touchpoints')
  })

  test('a few of them make no card, however often; ten are enough where they are many of few', async () => {
    await using world = await aWorld()
    await world.connect()
    await world.send(...tooLong(9))
    await world.beat(7)
    world.turn(HOUR_MS + 5 * MINUTE_MS)
    await world.send(...tooLong(9, 'later'))
    await world.beat(7)
    expect(cardsSaying(world, ALIKE)).toEqual([])
    await world.send(...tooLong(1, 'tenth'))
    await world.beat(7)
    expect(cardsSaying(world, ALIKE)).toHaveLength(1)
  })

  test('are shown in detail and retried from the card', async () => {
    await using world = await aWorld()
    await world.connect()
    world.acme.rejectRecords({ matches: (id) => id.startsWith('b'), ...RULE })
    await world.send(...touchpoints(40, 'a'), ...touchpoints(30, 'b'), ...tooLong(2))
    await world.beat(7)
    expect(await click(world, ALIKE, 'show_rejects', BEN)).toContain('Salesforce refused 32 touchpoints for 3 reasons')
    expect(await click(world, ALIKE, 'show_rejects', GUEST)).toContain('Guests can’t use Redkey')
    world.acme.rejectRecords(null)
    expect(await click(world, ALIKE, 'retry_rejects', BEN)).toContain('30 touchpoints wait again')
    await world.beat(2)
    expect(await backlogOf(world)).toEqual({ waiting: 0, pushed: 70, superseded: 0, rejected: 2 })
    expect(await click(world, ALIKE, 'retry_rejects', BEN)).toContain('Nothing is rejected for that reason any more')
  })

  test('whose words differ with every value are retried together', async () => {
    await using world = await aWorld()
    await world.connect()
    await world.send(...tooLong(30))
    await world.beat(7)
    expect(await click(world, ALIKE, 'retry_rejects')).toContain('30 touchpoints wait again')
  })
})

describe('a CRM that refuses nearly everything', () => {
  /** An outage of so many touchpoints, after which a rule of Salesforce refuses all. */
  async function refusedCatchUp(world: World, count: number): Promise<void> {
    await world.connect()
    await goRed(world)
    for (let from = 0; from < count; from += 10_000) await world.send(...touchpoints(count).slice(from, from + 10_000))
    world.acme.rejectRecords(RULE)
    await world.reauthorize()
    await world.beat(2)
  }

  test('stops a catch-up of thousands after some hundreds; mended, pushed on and retried, the report is exact', async () => {
    await using world = await aWorld()
    await refusedCatchUp(world, 20_000)
    const stoppedAt = (await backlogOf(world)) as { waiting: number; rejected: number }
    expect(stoppedAt.waiting + stoppedAt.rejected).toBe(20_000)
    expect(stoppedAt.rejected).toBeGreaterThanOrEqual(200)
    expect(stoppedAt.rejected).toBeLessThanOrEqual(1200)
    const [card, ...more] = cardsSaying(world, STOPPED)
    expect(more).toEqual([])
    expect(shownBy(card)).toMatch(/\*\d+ of \d+ touchpoints in a row were refused\*/)
    expect(shownBy(card)).toContain('Only open campaigns.')
    expect(shownBy(card)).toContain(`${stoppedAt.waiting.toLocaleString('en-US')} touchpoints wait, and new ones are kept`)
    await world.beat(10)
    expect(await backlogOf(world)).toMatchObject(stoppedAt)
    expect(cardsSaying(world, ALIKE)).toEqual([])

    // What comes meanwhile is kept; others may look, and not push on.
    await world.send(aTouchpoint({ id: 'meanwhile' }))
    expect(await click(world, STOPPED, 'push_on', BEN)).toContain('That takes the owner')
    expect(await click(world, STOPPED, 'push_on', GUEST)).toContain('Guests can’t use Redkey')
    await world.beat(3)
    expect(await backlogOf(world)).toMatchObject({ waiting: stoppedAt.waiting + 1 })

    world.acme.rejectRecords(null)
    expect(await click(world, STOPPED, 'push_on')).toContain('goes on')
    expect(await click(world, STOPPED, 'push_on')).toContain(`<@${ANA}> let it go on`)
    await world.beat(30)
    expect(reports(world)).toHaveLength(1)
    const numbers = `All 20,000 missed touchpoints accounted for: ${stoppedAt.waiting.toLocaleString('en-US')} pushed, 0 superseded, ${stoppedAt.rejected.toLocaleString('en-US')} rejected`
    expect(reports(world)[0]).toContain(numbers)
    expect(shownBy(cardsSaying(world, 'Pushing to Salesforce goes on')[0])).toContain(`<@${ANA}> let it go on`)

    await click(world, 'Pushing to Salesforce goes on', 'retry_rejects')
    await world.beat(3)
    expect(await backlogOf(world)).toEqual({ waiting: 0, pushed: 20_001, superseded: 0, rejected: 0 })
    expect(world.written().size).toBe(20_001)
    expect(new Set(world.written().values())).toEqual(new Set([1]))
    expect(reports(world)).toHaveLength(1)
    const connection = await world.store.connections.byName(world.slack.identity.teamId, 'salesforce')
    expect((await world.store.history.of(connection?.id ?? '', 9)).map(({ action }) => action)).toContain('pushing_resumed')
  })

  test('that still refuses everything after Push on stops again, with a new card, and not before 200 more', async () => {
    await using world = await aWorld()
    await refusedCatchUp(world, 6000)
    const first = (await backlogOf(world)) as { rejected: number }
    await click(world, STOPPED, 'push_on')
    await world.beat(3)
    const second = (await backlogOf(world)) as { rejected: number; waiting: number }
    expect(second.rejected - first.rejected).toBeGreaterThanOrEqual(200)
    expect(second.waiting).toBeGreaterThan(0)
    expect(cardsSaying(world, STOPPED)).toHaveLength(2)
    expect(shownBy(cardsSaying(world, STOPPED)[0])).toContain('Pushing to Salesforce goes on')
  })

  test('at full speed stops soon, too', async () => {
    await using world = await aWorld({ env: { REDKEY_BULK_FROM: 'off' } })
    await world.connect()
    // Sixteen requests at once, once it has gone well for a while.
    await world.send(...touchpoints(10_000, 'w0'))
    await world.send(...touchpoints(10_000, 'w1'))
    await world.send(...touchpoints(10_000, 'w2'))
    await world.beat(2)
    expect(await backlogOf(world)).toMatchObject({ waiting: 0, pushed: 30_000 })
    world.acme.rejectRecords(RULE)
    await world.send(...touchpoints(10_000, 'r0'))
    await world.send(...touchpoints(10_000, 'r1'))
    await world.beat(2)
    const { rejected, waiting } = (await backlogOf(world)) as { rejected: number; waiting: number }
    expect(rejected + waiting).toBe(20_000)
    expect(rejected).toBeLessThanOrEqual(4000)
    expect(cardsSaying(world, STOPPED)).toHaveLength(1)
  })

  test('stays stopped after a restart in between, and 199 that are refused stop nothing', async () => {
    await using world = await aWorld()
    await world.connect()
    world.acme.rejectRecords(RULE)
    await world.send(...touchpoints(199))
    await world.beat(7)
    expect(cardsSaying(world, STOPPED)).toEqual([])
    expect(cardsSaying(world, ALIKE)).toHaveLength(1)
    // The process ends after the settlement and before anybody has looked at it.
    const connection = await world.store.connections.byName(world.slack.identity.teamId, 'salesforce')
    const id = connection?.id ?? ''
    await world.send(aTouchpoint({ id: 'last' }))
    const [row] = await world.store.outbox.waiting(id, 0, world.clock.now(), 1)
    const rejected = { kind: 'rejected' as const, key: row?.key ?? 0, code: RULE.code, message: RULE.message, field: null }
    await world.store.outbox.settle(id, [rejected], world.clock.now())
    expect(await world.store.holds.of(id)).toEqual([])
    await world.beat(2)
    expect(await world.store.holds.of(id)).toMatchObject([{ reason: 'rejects', until: null }])
    expect(cardsSaying(world, STOPPED)).toHaveLength(1)
    expect(await answerTo(world, CHLOE, () => world.slack.command(CHLOE, MARKETING_OPS, 'list'))).toContain('salesforce')
  })
})
