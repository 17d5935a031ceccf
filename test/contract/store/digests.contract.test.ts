import { expect, test } from 'vitest'
import { HOUR_MS, later } from '../../../src/clock.ts'
import type { Digest, NewDigest } from '../../../src/domain/digest/digest.ts'
import type { Silence } from '../../../src/domain/warnings/warning.ts'
import { addConnection, aLoss, aMessage, anId, aReauthorization, at, touchpoints } from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'

function aDigest(over: Partial<Digest> = {}): Digest {
  const nothing = { first: [], others: 0 }
  return {
    week: '2026-11-23',
    timeZone: 'Europe/Berlin',
    from: at(-HOUR_MS).toISOString(),
    until: at(0).toISOString(),
    uptime: { connections: 1, worked: 1, rows: nothing, silences: [] },
    breaks: { count: 0, open: 0, list: nothing, logins: null, by: nothing },
    touchpoints: null,
    costs: { accounts: 1, whole: 1, amounts: [{ currency: 'EUR', amount: '9007199254740993.01' }], incomplete: nothing },
    endings: nothing,
    recurrences: nothing,
    ...over,
  }
}

const aNewDigest = (over: Partial<NewDigest> = {}): NewDigest => ({
  teamId: 'T1',
  channelId: 'C1',
  digest: aDigest(),
  counters: [],
  ...over,
})
const aDigestMessage = () => aMessage({ connectionId: null, kind: 'digest' })

contract('digests', (world) => {
  test('of a week and channel are made once, by many machines at once, each with its message', async () => {
    const { store, other } = world()
    const messages = Array.from({ length: 8 }, aDigestMessage)
    const made = await Promise.all(
      messages.map((message, n) => (n % 2 ? store : other).digests.make(aNewDigest(), message, at(5))),
    )
    expect(made.filter((won) => won)).toHaveLength(1)
    const won = messages[made.indexOf(true)]
    const due = await store.messages.claim(at(5), at(9), 'me', 99)
    expect(due.map(({ id, kind }) => [id, kind])).toEqual([[won?.id, 'digest']])
    expect(await store.digests.ofMessage(won?.id ?? '')).toEqual(aDigest())
    expect(await store.digests.ofMessage('none')).toBeUndefined()
    expect(await store.digests.made('2026-11-23')).toEqual([{ teamId: 'T1', channelId: 'C1' }])
    expect(await store.digests.made('2026-11-30')).toEqual([])
  })

  test('of other weeks, channels and workspaces are made besides', async () => {
    const { store } = world()
    const next = aDigest({ week: '2026-11-30' })
    for (const one of [{}, { channelId: 'C2' }, { teamId: 'T2' }, { digest: next }])
      expect(await store.digests.make(aNewDigest(one), aDigestMessage(), at(5))).toBe(true)
    expect(await store.digests.make(aNewDigest({ digest: next }), aDigestMessage(), at(6))).toBe(false)
  })

  test('are for the channels of connections, since the first of each was added', async () => {
    const { store } = world()
    await addConnection(store, { addedAt: at(500) })
    await addConnection(store, { addedAt: at(100) })
    await addConnection(store, { addedAt: at(200), channelId: 'C7' })
    await addConnection(store, { addedAt: at(300), teamId: 'T2' })
    const places = await store.digests.places()
    expect(places).toHaveLength(3)
    expect(places).toEqual(
      expect.arrayContaining([
        { teamId: 'T1', channelId: null, firstAddedAt: at(100) },
        { teamId: 'T1', channelId: 'C7', firstAddedAt: at(200) },
        { teamId: 'T2', channelId: null, firstAddedAt: at(300) },
      ]),
    )
    expect(await store.digests.places('T2')).toEqual([{ teamId: 'T2', channelId: null, firstAddedAt: at(300) }])
    expect(await store.digests.places('T3')).toEqual([])
  })

  test('tell of outages that were open since then, with who ended them', async () => {
    const { store } = world()
    const [closed, open, foreign] = [
      await addConnection(store),
      await addConnection(store),
      await addConnection(store, { teamId: 'T2' }),
    ]
    const lost = await store.connections.changeHealth(aLoss(closed))
    if (!lost) throw new Error('nothing was lost')
    await store.connections.reauthorize(aReauthorization(lost))
    await store.connections.changeHealth(aLoss(open))
    await store.connections.changeHealth(aLoss(foreign))
    const told = await store.digests.outages('T1', at(0))
    expect(told.map(({ connectionId }) => connectionId).sort()).toEqual([closed.id, open.id].sort())
    const of = (id: string) => told.find(({ connectionId }) => connectionId === id)
    expect(of(closed.id)).toEqual({
      connectionId: closed.id,
      kind: 'authorization',
      cause: 'revoked',
      lastProofAt: closed.health.lastProofAt,
      openedAt: at(1000),
      closedAt: at(60_000),
      closedHow: 'reauthorized',
      closedBy: 'U2',
      closedByUsername: 'back@acme.example',
    })
    expect(of(open.id)).toMatchObject({ closedAt: null, closedHow: null, closedBy: null })
    expect((await store.digests.outages('T1', at(60_001))).map(({ connectionId }) => connectionId)).toEqual([open.id])
  })

  test('tell of silences that lasted until then or still do, and of no other warnings', async () => {
    const { store } = world()
    const silence = (provider: Silence['provider']): Silence => ({
      kind: 'silence',
      provider,
      silent: [],
      back: [],
      everybody: false,
    })
    const raise = async (
      subject: string,
      detail: Parameters<typeof store.warnings.change>[1]['detail'],
      closedAt: Date | null,
    ) => {
      const messageId = anId('message')
      const warning = { messageId, teamId: 'T1', subject, detail, since: at(0), closedAt: null, version: 0 }
      await store.warnings.raise(warning, aMessage({ id: messageId, connectionId: null, kind: 'warning' }))
      if (closedAt) await store.warnings.change(warning, { detail, closedAt }, null, closedAt)
    }
    await raise('silence T1 meta ', silence('meta'), at(50))
    await raise('silence T1 linkedin ', silence('linkedin'), null)
    await raise('silence T1 hubspot ', silence('hubspot'), at(10))
    await raise('leaver U1', { kind: 'leaver', userId: 'U1', person: 'Ben', connections: [], others: 0, ended: null }, null)
    const told = await store.digests.silences('T1', at(20))
    expect(told.map(({ provider }) => provider).sort()).toEqual(['linkedin', 'meta'])
    expect(await store.digests.silences('T2', at(20))).toEqual([])
  })

  test('count from the last one on, also after rejects were tried again or dismissed', async () => {
    const { store } = world()
    const connection = await addConnection(store)
    await addConnection(store, { kind: 'ads', provider: 'meta' })
    const counters = async () => (await store.digests.counters('T1'))[0]
    const pushed = { kind: 'pushed' as const }
    const rejected = { kind: 'rejected' as const, code: 'NO', message: 'no', field: null }
    const send = async (fates: readonly ('pushed' | 'rejected')[]) => {
      await store.outbox.accept(connection.id, touchpoints(fates.length), at(1))
      const waiting = await store.outbox.waiting(connection.id, 0, at(1), 99)
      const settled = waiting.map(({ key }, n) => ({ key, ...(fates[n] === 'pushed' ? pushed : rejected) }))
      await store.outbox.settle(connection.id, settled, at(2))
    }
    expect(await store.digests.counters('T1')).toHaveLength(1)
    await send(['pushed', 'rejected', 'rejected'])
    const before = await counters()
    expect(before).toEqual({ connectionId: connection.id, now: { pushed: 1, superseded: 0, rejected: 2 }, before: null })
    const told = { connectionId: connection.id, ...before!.now }
    expect(await store.digests.make(aNewDigest({ counters: [told] }), aDigestMessage(), at(5))).toBe(true)
    await store.rejects.dismiss(connection.id, {}, at(6), null)
    await send(['pushed', 'pushed', 'rejected'])
    expect(await store.outbox.backlog(connection.id)).toMatchObject({ rejected: 1 })
    expect(await counters()).toEqual({
      connectionId: connection.id,
      now: { pushed: 3, superseded: 0, rejected: 3 },
      before: { at: at(5), pushed: 1, superseded: 0, rejected: 2 },
    })
    const late = { connectionId: connection.id, pushed: 99, superseded: 99, rejected: 99 }
    expect(await store.digests.make(aNewDigest({ counters: [late] }), aDigestMessage(), at(7))).toBe(false)
    expect((await counters())?.before).toMatchObject({ pushed: 1 })
    const next = aNewDigest({ digest: aDigest({ week: '2026-11-30' }), counters: [{ ...late, pushed: 3 }] })
    await store.digests.make(next, aDigestMessage(), at(8))
    expect((await counters())?.before).toMatchObject({ at: at(8), pushed: 3 })
  })

  test('count thousands of connections at once', async () => {
    const { store } = world()
    const counters = Array.from({ length: 2_500 }, (_, n) => ({ connectionId: `c${n}`, pushed: n, superseded: 0, rejected: 0 }))
    expect(await store.digests.make(aNewDigest({ counters }), aDigestMessage(), at(5))).toBe(true)
    expect(await world().dialect.queries.select().from(world().dialect.tables.digestCounts)).toHaveLength(2_500)
  })

  test('sum the whole days of ad accounts, by time zone, those without any included', async () => {
    const { store } = world()
    const [berlin, tokyo] = [
      await addConnection(store, { kind: 'ads', provider: 'meta', name: 'berlin' }),
      await addConnection(store, { kind: 'ads', provider: 'meta', name: 'tokyo' }),
    ]
    await addConnection(store, { kind: 'ads', provider: 'meta', name: 'never' })
    const download = async (id: string, timeZone: string, micros: readonly bigint[]) => {
      const due = (await store.costs.claim(at(1000), at(2000), id, 9)).find(({ connection }) => connection.id === id)
      const days = { from: '2026-11-16', to: '2026-11-20' }
      const begun = await store.costs.begin(due!.download, id, { currency: 'EUR', timeZone }, days)
      const rows = micros.map((one, n) => {
        return { day: `2026-11-${16 + n}`, campaignId: '7', campaignName: '', micros: one, clicks: 0, impressions: 0 }
      })
      await store.costs.take(begun!, rows)
      const lost = { from: '2026-11-14', to: '2026-11-15' }
      await store.costs.complete(begun!, id, { lost, restatedAt: at(1000), at: at(1000), dueAt: later(at(1000), HOUR_MS) })
      const { costDownloads } = world().dialect.tables
      await world().dialect.queries.update(costDownloads).set({ leasedBy: null, leasedUntil: null })
    }
    await download(berlin.id, 'Europe/Berlin', [1_000_000n, 2_000_000n, 4_000_000n, 8_000_000n, 16_000_000n])
    await download(tokyo.id, 'Asia/Tokyo', [5n])
    expect(await store.digests.costAccounts('T1')).toEqual([
      { connectionId: berlin.id, currency: 'EUR', timeZone: 'Europe/Berlin' },
      { connectionId: expect.any(String), currency: null, timeZone: null },
      { connectionId: tokyo.id, currency: 'EUR', timeZone: 'Asia/Tokyo' },
    ])
    const sums = (from: string, to: string) => store.digests.costSums('T1', 'Europe/Berlin', { from, to })
    expect(await sums('2026-11-15', '2026-11-21')).toEqual([
      { connectionId: berlin.id, wholeDays: 4, lostDays: 1, micros: 15_000_000n },
    ])
    expect(await sums('2027-01-01', '2027-01-07')).toEqual([{ connectionId: berlin.id, wholeDays: 0, lostDays: 0, micros: 0n }])
    expect(await store.digests.costSums('T2', 'Europe/Berlin', { from: '2026-11-15', to: '2026-11-21' })).toEqual([])
  })
})
