import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/clock.ts'
import { describeConnectionById } from '../../src/domain/connections/list.ts'
import { addDays, dayIn } from '../../src/domain/day.ts'
import { openSqlite } from '../../src/outbound/store/sqlite.ts'
import { stampDatabase } from '../../src/outbound/store/store.ts'
import { type AdMachine, anAdMachine } from '../support/ad-machine.ts'
import { at } from '../support/builders.ts'
import { handClock } from '../support/hand-clock.ts'
import { memoryAdPlatform, WANTED } from '../support/memory-ad-platform.ts'

const folder = mkdtempSync(join(tmpdir(), 'redkey-ads-'))
const emptyDatabase = join(folder, 'empty.db')
let databases = 0

beforeAll(async () => {
  const dialect = openSqlite(emptyDatabase, true)
  dialect.migrate()
  await stampDatabase(dialect, 'live')
  await dialect.close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Two processes at one account, which is connected; nothing was downloaded yet. */
async function anAccount(kind: 'inherited' | 'each_ad') {
  const databaseFile = join(folder, `${++databases}.db`)
  copyFileSync(emptyDatabase, databaseFile)
  const clock = handClock(at(0))
  const ads = memoryAdPlatform({ now: clock.now, kind })
  const machines: [AdMachine, AdMachine] = [anAdMachine(databaseFile, ads, clock), anAdMachine(databaseFile, ads, clock)]
  const [first] = machines
  const id = await first.connect()
  return {
    ads,
    clock,
    machines,
    first,
    id,
    store: first.store,
    /** Runs what is due every hour. */
    async hours(count: number, by: AdMachine = first) {
      for (let hour = 0; hour < count; hour++) {
        clock.turn(HOUR_MS)
        await by.run()
      }
    },
    async changes() {
      return machines[1].store.adScans.changes(id, 100)
    },
    async seen(adId: string) {
      return (await machines[1].store.adScans.known(id, [adId]))[0]
    },
    async history() {
      return (await machines[1].store.history.of(id, 100))
        .map(({ action }) => action)
        .filter((action) => action.startsWith('tag'))
    },
    async [Symbol.asyncDispose]() {
      for (const machine of machines) await machine.kill()
    },
  }
}

describe('costs', () => {
  test('that can not be stored are said to be so, and not asked for without end', async () => {
    await using account = await anAccount('inherited')
    const { ads, clock, first, id, store } = account
    ads.spend = () => new Map([['c', 10n ** 17n]])
    for (let minute = 0; minute < 10; minute++) {
      await first.run()
      clock.turn(MINUTE_MS)
    }
    expect((await store.costs.find(id))?.trouble).toMatch(/could not store/)
    expect(ads.calls.filter((call) => call === 'costs').length).toBeLessThanOrEqual(2)
  })

  test('that change while a download takes days are read again after it', async () => {
    await using account = await anAccount('inherited')
    const { ads, clock, first, id, store } = account
    const day = addDays(dayIn(ads.timeZone, clock.now()), -5)
    ads.onCall(async (call) => {
      if (call !== 'probe') return
      ads.onCall(null)
      ads.restate(day)
      clock.turn(3 * DAY_MS)
    })
    await first.run()
    await account.hours(30)
    const amount = [...ads.spend(day).values()].reduce((sum, micros) => sum + micros, 0n)
    expect(await store.costs.days(id, { from: day, to: day })).toEqual([{ day, state: 'whole', micros: amount }])
  })

  test('of an account that counts in other money now are not mixed with those of before', async () => {
    await using account = await anAccount('inherited')
    const { ads, clock, first, id, store } = account
    await first.run()
    clock.turn(20 * DAY_MS)
    await first.run()
    const days = { from: '2026-10-01', to: '2026-12-31' }
    const known = (await store.costs.days(id, days)).filter(({ state }) => state === 'whole')
    ads.currency = 'USD'
    const inEuro = ads.spend
    ads.spend = (day) => new Map([...inEuro(day)].map(([campaign, micros]) => [campaign, micros * 2n]))
    await account.hours(7)
    const now = (await store.costs.days(id, days)).filter(({ state }) => state === 'whole')
    expect(await store.costs.find(id)).toMatchObject({ currency: 'USD' })
    expect(now.map(({ day, micros }) => [day, micros])).toEqual(known.map(({ day, micros }) => [day, micros * 2n]))
  })
})

describe('parameters of single ads', () => {
  test('are set on every new ad, however many can not be given any', async () => {
    await using account = await anAccount('each_ad')
    const { ads, clock, first, id, store } = account
    await first.save(id, true)
    clock.turn(MINUTE_MS)
    for (let n = 0; n < 60; n++) ads.createAd({ refusal: 'It shows products of a catalog.' })
    for (let n = 0; n < 60; n++) ads.createAd({ untaggable: 'Meta is still reviewing it.' })
    const fine = ads.createAd()
    await account.hours(1)
    expect(fine.creative.parameters).toBe(WANTED)
    expect((await account.seen('ad-1'))?.trouble).toMatch(/catalog/)
    expect((await account.seen('ad-100'))?.trouble).toMatch(/still reviewing/)
    expect((await store.adScans.find(id))?.dueAt.getTime()).toBeGreaterThan(clock.now().getTime() + 30 * MINUTE_MS)
    expect(ads.calls.filter((call) => call === 'tag')).toHaveLength(61)
  })

  test('are set on every other ad while one answers with an error again and again, and no report waits for that one', async () => {
    await using account = await anAccount('each_ad')
    const { ads, clock, first, id, store } = account
    await first.save(id, true)
    await first.run()
    clock.turn(HOUR_MS)
    ads.killGrant()
    await first.check()
    clock.turn(MINUTE_MS)
    const [broken, fine] = [ads.createAd({ isBroken: true }), ads.createAd()]
    clock.turn(10 * DAY_MS)
    await first.logIn(id)
    const { outageId = '' } = (await store.gaps.unfinished(id)) ?? {}
    for (let minute = 0; minute < 30; minute++) {
      await first.run()
      clock.turn(MINUTE_MS)
    }
    expect([broken, fine].map(({ creative }) => creative.parameters)).toEqual(['', WANTED])
    expect(await store.gaps.ofOutage(outageId)).toMatchObject({ tags: { late: 1, never: 1 }, finishedAt: expect.any(Date) })
    broken.isBroken = false
    await account.hours(2)
    expect(broken.creative.parameters).toBe(WANTED)
    expect(await account.history()).toEqual(['tags_set', 'tags_set', 'tagging_on'])
  })

  test('can be taken back one after the other from the details, until none is left', async () => {
    await using account = await anAccount('each_ad')
    const { ads, first, id } = account
    await first.save(id, true)
    account.clock.turn(MINUTE_MS)
    for (let n = 0; n < 25; n++) ads.createAd()
    await account.hours(1)
    for (;;) {
      const details = await describeConnectionById(first.deps, id)
      const [change] = details.kind === 'found' ? (details.tags?.changes ?? []).filter(({ undoneAt }) => undoneAt === null) : []
      if (!change) break
      expect(await first.undo(change.id)).toMatchObject({ kind: 'undone' })
    }
    expect(ads.ads.filter(({ creative }) => creative.parameters !== '')).toEqual([])
  })

  test('that somebody takes away at the platform stay away until the settings are saved again', async () => {
    await using account = await anAccount('each_ad')
    const { ads, first, id } = account
    await first.save(id, true)
    account.clock.turn(MINUTE_MS)
    const ad = ads.createAd()
    const own = ad.creative
    await account.hours(1)
    expect(ad.creative.parameters).toBe(WANTED)
    ad.creative = own
    await account.hours(3)
    expect(ad.creative).toBe(own)
    expect((await account.seen(ad.id))?.trouble).toMatch(/changed it in Meta Ads since.*Save the settings again/)
    await first.save(id, true)
    await account.hours(1)
    expect(ad.creative.parameters).toBe(WANTED)
  })

  test('that somebody took back here are set again when the settings are saved again', async () => {
    await using account = await anAccount('each_ad')
    const { ads, first, id } = account
    await first.save(id, true)
    account.clock.turn(MINUTE_MS)
    const ad = ads.createAd()
    await account.hours(1)
    const [change] = await account.changes()
    expect(await first.undo(change?.id ?? '')).toMatchObject({ kind: 'undone' })
    await account.hours(2)
    expect(ad.creative.parameters).toBe('')
    expect((await account.seen(ad.id))?.trouble).toMatch(/took them back here/)
    account.clock.turn(SECOND_MS)
    await first.save(id, true)
    await account.hours(1)
    expect(ad.creative.parameters).toBe(WANTED)
  })

  test.each(['the answer is lost', 'the process is killed before it is written down'])(
    'are in the history and can be taken back when %s',
    async (what) => {
      await using account = await anAccount('each_ad')
      const { ads, machines, first, id } = account
      await first.save(id, true)
      account.clock.turn(MINUTE_MS)
      const ad = ads.createAd()
      if (what === 'the answer is lost') ads.answerOnce('tag', 'lost_after')
      else ads.onChange(() => first.killAt({ write: 0, when: 'before' }))
      await account.hours(1)
      expect(ad.creative.parameters).toBe(WANTED)
      expect(await account.history()).toEqual(['tagging_on'])
      account.clock.turn(DAY_MS)
      const [, other] = machines
      // The next try says nothing about the first one.
      ads.answerOnce('tag', 'limit')
      await other.run()
      const [unsure] = await account.changes()
      expect(await other.undo(unsure?.id ?? '')).toMatchObject({ kind: 'provider_refused' })
      await account.hours(2, other)
      expect(await account.history()).toEqual(['tags_set', 'tagging_on'])
      const changes = await account.changes()
      expect(changes).toMatchObject([{ targetId: ad.id, madeAt: expect.any(Date), undoneAt: null }])
      expect(await other.undo(changes[0]?.id ?? '')).toMatchObject({ kind: 'undone' })
      expect(ad.creative.parameters).toBe('')
    },
  )
})

describe('parameters that ads inherit', () => {
  test('whose answer was lost are known as set, also when somebody adds others meanwhile', async () => {
    await using account = await anAccount('inherited')
    const { ads, first, id } = account
    ads.template = 'ref=x'
    await first.save(id, true)
    ads.answerOnce('set', 'lost_after')
    await first.run()
    const [, other] = account.machines
    ads.template += '&by=hand'
    expect(ads.template).toBe(`ref=x&${WANTED}&by=hand`)
    account.clock.turn(MINUTE_MS)
    await account.hours(1, other)
    expect(await account.history()).toEqual(['tags_set', 'tagging_on'])
    const [change] = await account.changes()
    expect(await other.undo(change?.id ?? '')).toMatchObject({ kind: 'undone' })
    expect(ads.template).toBe('ref=x&by=hand')
  })

  test('leave alone what somebody adds by hand while a scan is under way', async () => {
    await using account = await anAccount('inherited')
    const { ads, first, id } = account
    ads.template = 'ref=x'
    await first.save(id, true)
    let looks = 0
    ads.onCall(async (call) => {
      if (call === 'templates' && looks++ === 0) ads.template += '&by=hand'
    })
    await first.run()
    expect(ads.template).toBe(`ref=x&by=hand&${WANTED}`)
    expect(await account.changes()).toMatchObject([{ before: 'ref=x&by=hand', after: ads.template }])
  })

  test('that are set at the second try are those of the settings now, are taken back whole, and are set once', async () => {
    await using account = await anAccount('inherited')
    const { ads, clock, first, id } = account
    ads.template = 'ref=x'
    await first.save(id, true, 'utm_source=old')
    ads.answerOnce('set', 'lost_before')
    await first.run()
    expect(ads.template).toBe('ref=x')
    expect(await account.changes()).toMatchObject([{ added: 'utm_source=old', madeAt: null }])
    clock.turn(MINUTE_MS)
    await first.save(id, true, 'utm_source=new&utm_medium=cpc')
    await first.run()
    expect(ads.template).toBe('ref=x&utm_source=new&utm_medium=cpc')
    const changes = await account.changes()
    expect(changes).toMatchObject([{ added: 'utm_source=new&utm_medium=cpc', madeAt: clock.now() }])
    // Somebody takes it away at the platform: it stays away.
    ads.template = 'ref=x&by=hand'
    await account.hours(3)
    expect(ads.template).toBe('ref=x&by=hand')
    ads.template = 'ref=x&utm_source=new&utm_medium=cpc&by=hand'
    expect(await first.undo(changes[0]?.id ?? '')).toMatchObject({ kind: 'undone' })
    expect(ads.template).toBe('ref=x&by=hand')
  })

  test('are not set by a scan that was under way when somebody switched auto-tagging off, at the second try neither', async () => {
    await using account = await anAccount('inherited')
    const { ads, clock, first, id } = account
    await first.save(id, true)
    ads.answerOnce('set', 'lost_before')
    await first.run()
    expect(await account.changes()).toHaveLength(1)
    const [, other] = account.machines
    ads.onCall(async (call) => {
      if (call === 'templates') await other.save(id, false)
    })
    clock.turn(HOUR_MS)
    await first.run()
    expect(ads.template).toBe('')
  })
})

describe('after an outage', () => {
  test('nothing is claimed about ads when auto-tagging was switched on after it only', async () => {
    await using account = await anAccount('inherited')
    const { ads, clock, first, id, store } = account
    await first.run()
    clock.turn(HOUR_MS)
    ads.killGrant()
    await first.check()
    clock.turn(DAY_MS)
    ads.createAd()
    await first.logIn(id)
    const gap = await store.gaps.unfinished(id)
    clock.turn(MINUTE_MS)
    await first.save(id, true)
    await first.run()
    expect(await store.gaps.ofOutage(gap?.outageId ?? '')).toMatchObject({ tags: { kind: 'off' } })
  })
})
