import { expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, later } from '../../../src/clock.ts'
import type { CampaignCost } from '../../../src/domain/ads.ts'
import type { Connection } from '../../../src/domain/connections/connection.ts'
import type { CostDownload, DownloadEnd } from '../../../src/domain/costs/cost-store.ts'
import type { Days } from '../../../src/domain/day.ts'
import type { Store } from '../../../src/domain/store.ts'
import { addConnection, aLoss, aMessage, aReauthorization, at } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

const ACCOUNT = { currency: 'EUR', timeZone: 'Europe/Berlin' }
/** The day of all tests is 2026-11-23. */
const SPAN: Days = { from: '2026-11-20', to: '2026-11-23' }
const END: DownloadEnd = { lost: null, restatedAt: at(HOUR_MS), at: at(HOUR_MS), dueAt: at(7 * HOUR_MS) }

function cost(day: string, campaignId: string, micros: bigint, over: Partial<CampaignCost> = {}): CampaignCost {
  return { day, campaignId, campaignName: `Campaign ${campaignId}`, micros, clicks: 3, impressions: 40, ...over }
}

function anAdAccount(store: Store): Promise<Connection> {
  return addConnection(store, { provider: 'meta', kind: 'ads' })
}

async function claimed(store: Store, by = 'me', now = at(0)): Promise<CostDownload> {
  const [found] = await store.costs.claim(now, later(now, 10_000), by, 10)
  if (!found) throw new Error('nothing is due')
  return found.download
}

async function begun(store: Store, days = SPAN, now = at(0)): Promise<CostDownload> {
  const download = await store.costs.begin(await claimed(store, 'me', now), 'me', ACCOUNT, days)
  if (!download) throw new Error('not begun')
  return download
}

async function begunOf(store: Store, { id }: Connection): Promise<CostDownload> {
  const due = await store.costs.claim(at(0), at(10_000), 'me', 10)
  const seen = due.find(({ connection }) => connection.id === id)
  return (await store.costs.begin(seen!.download, 'me', ACCOUNT, SPAN))!
}

async function downloaded(store: Store, rows: readonly CampaignCost[], end = END, days = SPAN, now = at(0)) {
  const download = await begun(store, days, now)
  await store.costs.take(download, rows)
  return store.costs.complete(download, 'me', end)
}

/** The outage of an account and the login that ends it. */
async function loseAndReturn(store: Store, connection: Connection, returnAt = at(2 * HOUR_MS)) {
  const loss = aLoss(connection)
  const lost = await store.connections.changeHealth(loss)
  if (!lost || !loss.openOutage) throw new Error('lost the race')
  const report = aMessage({ connectionId: connection.id, kind: 'gap', wanted: 0 })
  await store.connections.reauthorize(aReauthorization(lost, { at: returnAt, report }))
  return { outageId: loss.openOutage.id, report }
}

contract('costs', (world) => {
  test('a new ad account is due at once, a CRM never', async () => {
    const { store } = world()
    await addConnection(store)
    const { id } = await anAdAccount(store)
    const due = await store.costs.claim(at(0), at(10_000), 'me', 10)
    expect(due.map(({ connection }) => connection.id)).toEqual([id])
    expect(due[0]?.download).toMatchObject({ run: 0, wholeUpTo: null, currency: null, lastAt: null, failures: 0 })
  })

  test('a claim is one process at a time, ends by itself, and is renewed by who holds it', async () => {
    const { store, other } = world()
    await anAdAccount(store)
    await claimed(store)
    expect(await other.costs.claim(at(5_000), at(15_000), 'you', 10)).toEqual([])
    await store.costs.renew('me', at(9_000), at(19_000))
    expect(await other.costs.claim(at(12_000), at(22_000), 'you', 10)).toEqual([])
    expect(await other.costs.claim(at(20_000), at(30_000), 'you', 10)).toHaveLength(1)
  })

  test('an account that needs somebody is not downloaded', async () => {
    const { store } = world()
    const connection = await anAdAccount(store)
    await store.connections.changeHealth(aLoss(connection))
    expect(await store.costs.claim(at(HOUR_MS), at(2 * HOUR_MS), 'me', 10)).toEqual([])
  })

  test('a complete download makes days whole, and the day on which it began stays open', async () => {
    const { store } = world()
    const { id } = await anAdAccount(store)
    const told = await downloaded(store, [
      cost('2026-11-20', 'a', 1_230_000n),
      cost('2026-11-20', 'b', 10_000n),
      cost('2026-11-23', 'a', 5n),
    ])
    expect(told).toMatchObject({ currency: 'EUR', amount: '1.24', campaigns: 2, restated: [], lost: [] })
    expect(told?.backfilled).toEqual([
      { day: '2026-11-20', amount: '1.24', campaigns: 2 },
      { day: '2026-11-21', amount: '0.00', campaigns: 0 },
      { day: '2026-11-22', amount: '0.00', campaigns: 0 },
    ])
    expect(await store.costs.days(id, SPAN)).toEqual([
      { day: '2026-11-20', state: 'whole', micros: 1_240_000n },
      { day: '2026-11-21', state: 'whole', micros: 0n },
      { day: '2026-11-22', state: 'whole', micros: 0n },
      { day: '2026-11-23', state: 'open', micros: 5n },
    ])
    expect(await store.costs.find(id)).toMatchObject({
      wholeUpTo: '2026-11-22',
      restatedAt: END.at,
      lastAt: END.at,
      dueAt: END.dueAt,
      run: 1,
    })
    expect(await store.costs.claim(at(6 * HOUR_MS), at(7 * HOUR_MS), 'me', 10)).toEqual([])
  })

  test('rows are kept by campaign and day: the last told counts, also inside one batch, and with the newest name', async () => {
    const { store } = world()
    const { id } = await anAdAccount(store)
    const download = await begun(store)
    await store.costs.take(download, [cost('2026-11-20', 'a', 1n), cost('2026-11-20', 'a', 2n), cost('2026-11-21', 'a', 9n)])
    await store.costs.take(download, [cost('2026-11-20', 'a', 3n, { campaignName: 'Renamed', clicks: 1, impressions: 2 })])
    expect(await store.costs.rows(id, SPAN, null, 10)).toEqual([
      { day: '2026-11-20', campaignId: 'a', campaignName: 'Renamed', micros: 3n, clicks: 1, impressions: 2 },
      { day: '2026-11-21', campaignId: 'a', campaignName: 'Renamed', micros: 9n, clicks: 3, impressions: 40 },
    ])
    await store.costs.take(download, [cost('2026-11-22', 'a', 3n, { campaignName: '' })])
    expect((await store.costs.rows(id, SPAN, null, 10)).map(({ campaignName }) => campaignName)).toEqual(Array(3).fill('Renamed'))
  })

  test('thousands of rows in one batch are all there, and are read in pages', async () => {
    const { store } = world()
    const { id } = await anAdAccount(store)
    const many = Array.from({ length: 2_500 }, (_, n) => cost('2026-11-20', `c${String(n).padStart(5, '0')}`, BigInt(n + 1)))
    const told = await downloaded(store, many)
    expect(told).toMatchObject({ campaigns: 2_500, amount: '3.12625' })
    const read: CampaignCost[] = []
    for (let after: CampaignCost | null = null; ; ) {
      const page: CampaignCost[] = await store.costs.rows(id, SPAN, after, 1_000)
      read.push(...page)
      after = page.at(-1) ?? null
      if (page.length < 1_000) break
    }
    expect(read).toEqual(many)
  })

  test('odd ids and names, and the largest amounts, are kept as they were told', async () => {
    const { store } = world()
    const { id } = await anAdAccount(store)
    const odd = ['NULL', '{a,b}', '"q" \\ \'s\'', ' ', '\n\t', '🔑 ключ', '{}', '\\N', '1,2'].sort((a, b) => (a < b ? -1 : 1))
    const most = BigInt(Number.MAX_SAFE_INTEGER)
    const told = odd.map((name, index) =>
      cost('2026-11-20', `${index}${name}`, index % 2 ? most : -most, { campaignName: name, clicks: 5e9, impressions: 9e15 }),
    )
    const download = await begun(store)
    await store.costs.take(download, [])
    await store.costs.take(download, told)
    expect(await store.costs.rows(id, SPAN, null, 100)).toEqual(told)
    const tooMuch = store.costs.take(download, [cost('2026-11-20', 'x', most + 1n)])
    await expect(tooMuch).rejects.toThrow("an amount of 9007199254740992 millionths can't be stored")
  })

  test('ids that a database can not tell apart are one campaign', async () => {
    const { store } = world()
    const { id } = await anAdAccount(store)
    const download = await begun(store)
    const told = [cost('2026-11-20', 'a\0', 1n), cost('2026-11-20', 'a\uFFFD', 2n), cost('2026-11-20', 'b', 3n)]
    await store.costs.take(download, told)
    expect((await store.costs.rows(id, SPAN, null, 9)).map(({ micros }) => micros)).toContain(2n)
  })

  test('what a later download does not tell any more is zero, inside its days and nowhere else', async () => {
    const { store } = world()
    const { id } = await anAdAccount(store)
    await downloaded(store, [cost('2026-11-20', 'a', 7n), cost('2026-11-21', 'a', 8n), cost('2026-11-21', 'b', 1n)])
    const days = { from: '2026-11-21', to: '2026-11-23' }
    const told = await downloaded(store, [cost('2026-11-21', 'a', 8n)], { ...END, at: at(8 * HOUR_MS) }, days, END.dueAt)
    expect(told?.restated).toEqual([{ day: '2026-11-21', before: '0.000009', after: '0.000008' }])
    expect(told?.backfilled).toEqual([])
    expect((await store.costs.rows(id, SPAN, null, 10)).map(({ day, campaignId, micros }) => [day, campaignId, micros])).toEqual([
      ['2026-11-20', 'a', 7n],
      ['2026-11-21', 'a', 8n],
    ])
  })

  test('an account that counts in other money forgets its costs, and no other account does', async () => {
    const { store } = world()
    await anAdAccount(store)
    await anAdAccount(store)
    for (const { download } of await store.costs.claim(at(0), at(10_000), 'me', 2)) {
      const begun = (await store.costs.begin(download, 'me', ACCOUNT, SPAN))!
      await store.costs.take(begun, [cost('2026-11-20', 'a', 7n), cost('2026-11-20', 'b', 8n)])
      await store.costs.complete(begun, 'me', END)
    }
    const [one, other] = await store.costs.claim(END.dueAt, later(END.dueAt, 10_000), 'me', 2)
    await store.costs.begin(one!.download, 'me', { ...ACCOUNT, currency: 'USD' }, SPAN)
    expect(await store.costs.rows(one!.connection.id, SPAN, null, 10)).toEqual([])
    expect(await store.costs.days(one!.connection.id, SPAN)).toEqual([])
    expect(await store.costs.rows(other!.connection.id, SPAN, null, 10)).toHaveLength(2)
  })

  test('the same again changes nothing', async () => {
    const { store } = world()
    const { id } = await anAdAccount(store)
    const rows = [cost('2026-11-20', 'a', 7n), cost('2026-11-22', 'a', 8n)]
    await downloaded(store, rows)
    const before = await store.costs.rows(id, SPAN, null, 10)
    const told = await downloaded(store, rows, { ...END, at: at(8 * HOUR_MS) }, SPAN, END.dueAt)
    expect(told).toMatchObject({ backfilled: [], restated: [], lost: [], amount: '0.00', campaigns: 0 })
    expect(await store.costs.rows(id, SPAN, null, 10)).toEqual(before)
  })

  test('a day that was open is filled, and not restated', async () => {
    const { store } = world()
    await anAdAccount(store)
    await downloaded(store, [cost('2026-11-23', 'a', 7_000_000n)])
    const days = { from: '2026-11-23', to: '2026-11-24' }
    const told = await downloaded(store, [cost('2026-11-23', 'a', 12_500_000n)], { ...END, at: at(DAY_MS) }, days, END.dueAt)
    expect(told).toMatchObject({ restated: [], backfilled: [{ day: '2026-11-23', amount: '12.50', campaigns: 1 }] })
  })

  test('days beyond the reach are lost, and stay so', async () => {
    const { store } = world()
    const { id } = await anAdAccount(store)
    const lost = { from: '2026-11-18', to: '2026-11-19' }
    expect(await downloaded(store, [], { ...END, lost })).toMatchObject({ lost: ['2026-11-18', '2026-11-19'] })
    expect(await store.costs.days(id, { from: '2026-11-17', to: '2026-11-20' })).toEqual([
      { day: '2026-11-18', state: 'lost', micros: 0n },
      { day: '2026-11-19', state: 'lost', micros: 0n },
      { day: '2026-11-20', state: 'whole', micros: 0n },
    ])
  })

  test('a report that is being made keeps its days, and another process goes on with it', async () => {
    const { store, other } = world()
    await anAdAccount(store)
    const download = await begun(store)
    await store.costs.wait(download, 'me', 'job-1', at(2_000))
    expect(await store.costs.claim(at(1_999), at(10_000), 'me', 10)).toEqual([])
    const [taken] = await other.costs.claim(at(2_000), at(12_000), 'you', 10)
    expect(taken?.download).toMatchObject({ job: 'job-1', fromDay: SPAN.from, toDay: SPAN.to, run: 1 })
    expect(await other.costs.complete(taken!.download, 'you', END)).toBeDefined()
    expect(await store.costs.complete(download, 'me', END)).toBeUndefined()
  })

  test('a refusal is told with its time, and the next download begins anew', async () => {
    const { store } = world()
    const { id } = await anAdAccount(store)
    const download = await begun(store)
    await store.costs.wait(download, 'me', 'job-1', at(2_000))
    await store.costs.fail(await claimed(store, 'me', at(2_000)), 'me', 'The report failed.', at(9_000))
    expect(await store.costs.find(id)).toMatchObject({
      job: null,
      trouble: 'The report failed.',
      failures: 1,
      dueAt: at(9_000),
      lastAt: null,
    })
    await downloaded(store, [], END, SPAN, at(9_000))
    expect(await store.costs.find(id)).toMatchObject({ trouble: null, failures: 0 })
  })

  test('what fails for long is found, while its connection works', async () => {
    const { store } = world()
    const connection = await anAdAccount(store)
    await anAdAccount(store)
    expect(await store.costs.failingSince(at(DAY_MS))).toEqual([])
    await store.costs.fail(await begunOf(store, connection), 'me', 'No report.', at(9_000))
    expect(await store.costs.failingSince(at(-1))).toEqual([])
    expect(await store.costs.failingSince(at(0))).toMatchObject([
      { connection: { id: connection.id }, trouble: 'No report.', lastAt: null },
    ])
    await store.connections.changeHealth(aLoss(connection))
    expect(await store.costs.failingSince(at(DAY_MS))).toEqual([])
  })

  test('whoever has lost the claim changes nothing', async () => {
    const { store, other } = world()
    const { id } = await anAdAccount(store)
    const seen = await claimed(store)
    const taken = await claimed(other, 'you', at(20_000))
    expect(await store.costs.begin(seen, 'me', ACCOUNT, SPAN)).toBeUndefined()
    await store.costs.fail(seen, 'me', 'late', at(0))
    const newer = await other.costs.begin(taken, 'you', ACCOUNT, SPAN)
    await other.costs.take(newer!, [cost('2026-11-20', 'a', 7n)])
    // The rows of an older download that is still under way somewhere do not cover newer ones.
    await store.costs.take(seen, [cost('2026-11-20', 'a', 1n)])
    expect(await other.costs.complete(newer!, 'you', END)).toMatchObject({ amount: '0.000007' })
    expect(await store.costs.find(id)).toMatchObject({ trouble: null })
    // Nor do they add what the newer one did not tell.
    await store.costs.take(seen, [cost('2026-11-20', 'gone', 5n)])
    expect((await store.costs.rows(id, SPAN, null, 10)).map(({ campaignId }) => campaignId)).toEqual(['a'])
  })

  test('a login that comes back makes a download under way worthless and the next one due', async () => {
    const { store } = world()
    const connection = await anAdAccount(store)
    const download = await begun(store)
    await loseAndReturn(store, connection, at(30_000))
    expect(await store.costs.complete(download, 'me', END)).toBeUndefined()
    expect(await store.costs.claim(at(30_000), at(40_000), 'me', 10)).toHaveLength(1)
  })

  test('the first download after an outage fills its gap, and the report waits for the ads', async () => {
    const { store } = world()
    const connection = await anAdAccount(store)
    await downloaded(store, [cost('2026-11-20', 'a', 5_000_000n)], END, { from: '2026-11-20', to: '2026-11-21' })
    const { outageId, report } = await loseAndReturn(store, connection)
    const rows = [cost('2026-11-20', 'a', 4_000_000n), cost('2026-11-22', 'a', 2_000_000n)]
    await downloaded(store, rows, { ...END, at: at(3 * HOUR_MS) }, SPAN, at(2 * HOUR_MS))
    const gap = await store.gaps.ofOutage(outageId)
    expect(gap).toMatchObject({ tags: null, finishedAt: null })
    expect(gap?.costs).toMatchObject({
      amount: '2.00',
      backfilled: [
        { day: '2026-11-21', amount: '0.00' },
        { day: '2026-11-22', amount: '2.00' },
      ],
      restated: [{ day: '2026-11-20', before: '5.00', after: '4.00' }],
    })
    expect(await store.messages.find(report.id)).toMatchObject({ wanted: 0 })
  })

  test('an outage before its gap was filled is one with the next: one report, from the first day on', async () => {
    const { store } = world()
    const connection = await anAdAccount(store)
    const first = await loseAndReturn(store, connection, at(HOUR_MS))
    const back = (await store.connections.find(connection.id))!
    const second = await loseAndReturn(store, back, at(2 * HOUR_MS))
    expect(await store.gaps.unfinished(connection.id)).toMatchObject({ outageId: second.outageId, since: at(0) })
    expect(await store.messages.find(first.report.id)).toBeUndefined()
    expect(await store.messages.find(second.report.id)).toMatchObject({ outageId: second.outageId })
  })

  test('what a gap was told stays, however often costs are downloaded until the ads are known', async () => {
    const { store } = world()
    const connection = await anAdAccount(store)
    await downloaded(store, [], END, { from: '2026-11-20', to: '2026-11-21' })
    const { outageId } = await loseAndReturn(store, connection)
    const rows = [cost('2026-11-21', 'a', 2_000_000n)]
    await downloaded(store, rows, { ...END, at: at(3 * HOUR_MS) }, SPAN, at(2 * HOUR_MS))
    const told = (await store.gaps.ofOutage(outageId))?.costs
    expect(told?.backfilled.map(({ day }) => day)).toEqual(['2026-11-21', '2026-11-22'])
    await downloaded(store, rows, { ...END, at: at(9 * HOUR_MS), dueAt: at(99 * HOUR_MS) }, SPAN, END.dueAt)
    expect((await store.gaps.ofOutage(outageId))?.costs).toEqual(told)
  })

  test('an outage after the costs of its predecessor were told, and before its ads were, tells the days of both', async () => {
    const { store } = world()
    const connection = await anAdAccount(store)
    const before = [cost('2026-11-19', 'a', 9_000_000n), cost('2026-11-20', 'a', 9_000_000n)]
    await downloaded(store, before, END, { from: '2026-11-19', to: '2026-11-21' })
    await loseAndReturn(store, connection)
    const first = [cost('2026-11-19', 'a', 8_000_000n), cost('2026-11-20', 'a', 8_000_000n), cost('2026-11-21', 'a', 2_000_000n)]
    const lost = { from: '2026-11-16', to: '2026-11-16' }
    const end = { ...END, lost, at: at(3 * HOUR_MS) }
    await downloaded(store, first, end, { from: '2026-11-19', to: '2026-11-22' }, at(2 * HOUR_MS))
    const again = (await store.connections.find(connection.id))!
    const { outageId } = await loseAndReturn(store, again, at(4 * HOUR_MS))
    // Of the first of the days nothing is told any more: it stays as it was told last.
    const second = [cost('2026-11-20', 'a', 9_000_000n), cost('2026-11-21', 'a', 3_000_000n), cost('2026-11-22', 'b', 5_000_000n)]
    const days = { from: '2026-11-20', to: '2026-11-23' }
    await downloaded(store, second, { ...END, at: at(5 * HOUR_MS) }, days, at(4 * HOUR_MS))
    expect((await store.gaps.ofOutage(outageId))?.costs).toEqual({
      currency: 'EUR',
      backfilled: [
        { day: '2026-11-21', amount: '3.00', campaigns: 1 },
        { day: '2026-11-22', amount: '5.00', campaigns: 1 },
      ],
      campaigns: 2,
      amount: '8.00',
      restated: [{ day: '2026-11-19', before: '9.00', after: '8.00' }],
      lost: ['2026-11-16'],
    })
  })

  test('a campaign that got money back counts like one that cost some', async () => {
    const { store } = world()
    await anAdAccount(store)
    const told = await downloaded(store, [cost('2026-11-20', 'a', 9_000_000n), cost('2026-11-20', 'b', -2_500_000n)])
    expect(told).toMatchObject({ amount: '6.50', campaigns: 2, backfilled: [{ amount: '6.50', campaigns: 2 }, {}, {}] })
  })

  test('two processes that claim at once get different accounts', async () => {
    const { store, other } = world()
    for (let n = 0; n < 6; n++) await anAdAccount(store)
    const [mine, yours] = await Promise.all([
      store.costs.claim(at(0), at(10_000), 'me', 6),
      other.costs.claim(at(0), at(10_000), 'you', 6),
    ])
    const ids = [...mine, ...yours].map(({ connection }) => connection.id)
    expect(new Set(ids).size).toBe(ids.length)
    const rest = await store.costs.claim(at(0), at(10_000), 'third', 6)
    expect(ids.length + rest.length).toBe(6)
  })
})
