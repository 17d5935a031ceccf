import { expect, test } from 'vitest'
import { HOUR_MS, later } from '../../../src/clock.ts'
import type { Connection } from '../../../src/domain/connections/connection.ts'
import type { Store } from '../../../src/domain/store.ts'
import type { AdScan } from '../../../src/domain/tags/ad-scan.ts'
import type { ScanEnd } from '../../../src/domain/tags/scan-store.ts'
import { addConnection, aLoss, aMessage, anAuditEntry, aReauthorization, aTouchpoint, at } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'
import { aSeenAd, aTagChange } from '../../support/tag-builders.ts'

const END: ScanEnd = {
  scannedUpTo: at(0),
  templates: [],
  overrides: [],
  overridesAt: null,
  gap: null,
  at: at(10),
  dueAt: at(HOUR_MS),
}

function anAdAccount(store: Store): Promise<Connection> {
  return addConnection(store, { provider: 'google-ads', kind: 'ads' })
}

async function claimed(store: Store, by = 'me', now = at(0)): Promise<AdScan> {
  const [found] = await store.adScans.claim(now, later(now, 10_000), by, 10)
  if (!found) throw new Error('nothing is due')
  return found.scan
}

function turnedOn(store: Store, seen: AdScan, ms: number, over: Partial<AdScan> = {}) {
  const audit = anAuditEntry({ connectionId: seen.connectionId, action: 'tagging_on', actor: 'U1' })
  return store.adScans.change(seen, { isTagging: true, parameters: 'utm_source=google', ...over }, at(ms), audit)
}

contract('ads and their parameters', (world) => {
  test('a new ad account is due at once with auto-tagging off, a CRM never', async () => {
    const { store } = world()
    await addConnection(store)
    const { id } = await anAdAccount(store)
    const due = await store.adScans.claim(at(0), at(10_000), 'me', 10)
    expect(due.map(({ connection }) => connection.id)).toEqual([id])
    expect(due[0]?.scan).toMatchObject({ isTagging: false, parameters: '', settingsAt: null, taggingSince: null, failures: 0 })
  })

  test('a claim is one process at a time, ends by itself, and is renewed by who holds it', async () => {
    const { store, other } = world()
    const connection = await anAdAccount(store)
    await claimed(store)
    expect(await other.adScans.claim(at(5_000), at(15_000), 'you', 10)).toEqual([])
    await store.adScans.renew('me', at(9_000), at(19_000))
    expect(await other.adScans.claim(at(12_000), at(22_000), 'you', 10)).toEqual([])
    expect(await other.adScans.claim(at(20_000), at(30_000), 'you', 10)).toHaveLength(1)
    await store.connections.changeHealth(aLoss(connection))
    expect(await other.adScans.claim(at(HOUR_MS), at(2 * HOUR_MS), 'me', 10)).toEqual([])
  })

  test('saved settings make a scan due, are in the history, and end a scan that was under way', async () => {
    const { store } = world()
    const { id } = await anAdAccount(store)
    const seen = await claimed(store)
    expect(await turnedOn(store, seen, 100)).toMatchObject({ isTagging: true, settingsAt: at(100), taggingSince: at(100) })
    expect(await turnedOn(store, seen, 200)).toBeUndefined()
    expect(await store.adScans.complete(seen, 'me', END)).toBe(false)
    expect(await store.adScans.keep(seen, 'me', [aSeenAd()])).toBe(false)
    expect(await store.adScans.intend(seen, 'me', aTagChange({ connectionId: id }))).toBe(false)
    expect((await store.history.of(id, 1))[0]).toMatchObject({ action: 'tagging_on', actor: 'U1' })
    expect(await claimed(store, 'me', at(100))).toMatchObject({ scannedUpTo: at(100), parameters: 'utm_source=google' })
  })

  test("ads are nobody's business from before auto-tagging was on, however often the settings are saved", async () => {
    const { store } = world()
    const { id } = await anAdAccount(store)
    const on = await turnedOn(store, await claimed(store), 100)
    const again = on && (await turnedOn(store, on, 200, { parameters: 'a=1' }))
    expect(again).toMatchObject({ taggingSince: at(100), settingsAt: at(200), scannedUpTo: at(100) })
    const off = again && (await turnedOn(store, again, 300, { isTagging: false }))
    expect(off).toMatchObject({ taggingSince: null, settingsAt: at(300) })
    expect(off && (await turnedOn(store, off, 400))).toMatchObject({ taggingSince: at(400), scannedUpTo: at(400) })
    expect(await store.adScans.find(id)).toMatchObject({ version: 4 })
  })

  test('keeps ads as they were last seen', async () => {
    const { store } = world()
    const { id } = await anAdAccount(store)
    const scan = await claimed(store)
    const ads = Array.from({ length: 1100 }, (_, place) => aSeenAd({ id: `ad-${place}`, createdAt: at(1000 + place) }))
    expect(await store.adScans.keep(scan, 'me', ads)).toBe(true)
    const covered = aSeenAd({ id: 'ad-0', createdAt: at(1000), coveredAt: at(5000), setBy: 'account', trouble: null, name: 'Z' })
    expect(await store.adScans.keep(scan, 'me', [covered])).toBe(true)
    expect(await store.adScans.keep(scan, 'you', [aSeenAd({ id: 'ad-1' })])).toBe(false)
    expect(await store.adScans.known(id, ['ad-0', 'nobody'])).toEqual([covered])
    expect(
      (
        await store.adScans.known(
          id,
          ads.map((ad) => ad.id),
        )
      ).length,
    ).toBe(1100)
    expect((await store.adScans.created(id, at(1000), at(1003))).map((ad) => ad.id)).toEqual(['ad-1', 'ad-2', 'ad-3'])
    expect(await store.adScans.firstUncovered(id, at(0))).toEqual(at(1001))
    expect(await store.adScans.firstUncovered(id, at(9000))).toBeNull()
  })

  test('a change is recorded before it is made, confirmed or forgotten after, and undone once', async () => {
    const { store, other } = world()
    const { id } = await anAdAccount(store)
    const scan = await claimed(store)
    const change = aTagChange({ connectionId: id, madeAt: null, before: '', after: '' })
    const second = aTagChange({ id: 'change-2', connectionId: id, at: at(5), madeAt: null })
    expect(await store.adScans.intend(scan, 'me', change)).toBe(true)
    expect(await store.adScans.intend(scan, 'me', second)).toBe(true)
    await store.adScans.refused('change-2')
    const made = { ...change, before: 'a', after: 'b', madeAt: at(7) }
    await store.adScans.made(made, anAuditEntry({ connectionId: id, action: 'tags_set', detail: 'Account: utm_source=google' }))
    expect(await store.adScans.changes(id, 10)).toEqual([made])
    expect(await store.adScans.changesOf(id, 'acc')).toEqual([made])
    expect(await store.adScans.changesOf(id, 'other')).toEqual([])
    const undo = { ...anAuditEntry({ connectionId: id, action: 'tags_undone', at: at(9) }), actor: 'U2' }
    const races = await Promise.all([store.adScans.undone(made, undo), other.adScans.undone(made, { ...undo, id: 'audit-x' })])
    expect(races.filter(Boolean)).toHaveLength(1)
    expect(await store.adScans.findChange('change-1')).toEqual({ ...made, undoneAt: at(9), undoneBy: 'U2' })
    expect((await store.history.of(id, 9)).map(({ action }) => action)).toEqual(['tags_undone', 'tags_set', 'added'])
  })

  test('a scan that fails is due again and says why; a complete one is not', async () => {
    const { store } = world()
    const { id } = await anAdAccount(store)
    await store.adScans.fail(await claimed(store), 'me', 'Google is down.', at(0), at(60_000), null)
    expect(await store.adScans.find(id)).toMatchObject({ failures: 1, trouble: 'Google is down.', lastAt: null })
    const seen = await claimed(store, 'me', at(60_000))
    const template = {
      id: 'acc',
      name: 'Account',
      parameters: 'a=1',
      missing: ['b'],
      trouble: 'Somebody changed it.',
      isChosen: false,
    }
    expect(await store.adScans.complete(seen, 'me', { ...END, templates: [template] })).toBe(true)
    expect(await store.adScans.find(id)).toMatchObject({ failures: 0, trouble: null, lastAt: at(10), templates: [template] })
  })

  test('what fails while the connection works is known, but not what somebody wanted', async () => {
    const { store } = world()
    const { id } = await anAdAccount(store)
    const seen = await turnedOn(store, await claimed(store), 100)
    if (!seen) throw new Error('not on')
    const template = { id: 'acc', name: 'Account', parameters: '', missing: ['b'], trouble: 'It is too long.', isChosen: false }
    const after = async (end: Partial<ScanEnd>, ms: number) => {
      await store.adScans.complete(await claimed(store, 'me', at(ms)), 'me', { ...END, at: at(ms), dueAt: at(ms + 1), ...end })
      return store.adScans.troubledSince(at(ms))
    }
    expect(await after({}, 1000)).toEqual([])
    expect(await after({ templates: [{ ...template, isChosen: true }] }, 2000)).toEqual([])
    expect(await after({ templates: [template] }, 3000)).toMatchObject([{ trouble: 'Account: It is too long.' }])
    expect(await after({}, 4000)).toEqual([])
    await store.adScans.fail(await claimed(store, 'me', at(5000)), 'me', 'Down.', at(5000), at(6000), null)
    expect(await store.adScans.troubledSince(at(3999))).toEqual([])
    expect(await store.adScans.troubledSince(at(4000))).toMatchObject([{ trouble: 'Down.', since: at(4000), connection: { id } }])
  })

  test('a login that comes back makes the scan due, and a gap is filled with what it found', async () => {
    const { store } = world()
    const connection = await anAdAccount(store)
    const before = await claimed(store)
    const loss = aLoss(connection)
    const lost = await store.connections.changeHealth(loss)
    if (!lost || !loss.openOutage) throw new Error('lost the race')
    const report = aMessage({ connectionId: connection.id, kind: 'gap', wanted: 0 })
    await store.connections.reauthorize(aReauthorization(lost, { at: at(2 * HOUR_MS), report }))
    expect(await store.adScans.complete(before, 'me', END)).toBe(false)
    const scan = await claimed(store, 'me', at(2 * HOUR_MS))
    const tags = { kind: 'on' as const, covered: 1, late: 0, never: 0, ads: [], touchpoints: 0 }
    const outageId = loss.openOutage.id
    expect(await store.adScans.complete(scan, 'me', { ...END, gap: { outageId, tags } })).toBe(true)
    expect(await store.gaps.ofOutage(outageId)).toMatchObject({ tags, costs: null, finishedAt: null })
    const again = await claimed(store, 'me', at(3 * HOUR_MS))
    const unknown = { kind: 'unknown' as const, why: 'It may not list ads.' }
    await store.adScans.fail(again, 'me', unknown.why, at(3 * HOUR_MS), at(4 * HOUR_MS), { outageId, tags: unknown })
    expect(await store.gaps.ofOutage(outageId)).toMatchObject({ tags: unknown })
  })

  test('touchpoints of ads are found in their windows, the newest first, page by page', async () => {
    const { store } = world()
    const crm = await addConnection(store)
    const touch = (id: string, adId: string | null, occurredAt: string, version = 1) => {
      const payload = JSON.stringify({ id, occurredAt, adId, version })
      return { ...aTouchpoint(id, `${adId} ${occurredAt} ${version}`), payload }
    }
    const accept = (ms: number, ...all: ReturnType<typeof touch>[]) => store.outbox.accept(crm.id, all, at(ms))
    await accept(0, touch('old', 'ad-1', '2026-11-21T10:00:00Z'))
    await accept(1000, touch('a', 'ad-1', '2026-11-21T10:00:00Z'), touch('b', null, '2026-11-21T10:00:00Z'))
    await accept(2000, touch('early', 'ad-1', '2026-11-20T23:59:59Z'), touch('late', 'ad-1', '2026-11-22T00:00:00Z'))
    await accept(3000, touch('c', 'ad-2', '2026-12-24T10:00:00+02:00'), touch('a', 'ad-1', '2026-11-21T10:00:00Z', 2))
    const windows = [
      { id: 'ad-1', from: new Date('2026-11-21T00:00:00Z'), until: new Date('2026-11-22T00:00:00Z') },
      { id: 'ad-2', from: new Date('2026-11-21T00:00:00Z'), until: null },
    ]
    const found: string[] = []
    let before: number | null = null
    do {
      const page = await store.outbox.fromAds(crm.id, windows, at(1000), before, 1)
      found.push(...page.ids)
      before = page.next
    } while (before !== null)
    expect(found.sort()).toEqual(['a', 'a', 'c'])
  })
})
