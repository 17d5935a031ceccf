import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import type { Connection } from '../../../src/domain/connections/connection.ts'
import type { Removal } from '../../../src/domain/connections/removal-store.ts'
import type { Store } from '../../../src/domain/store.ts'
import type { Dialect } from '../../../src/outbound/store/dialect.ts'
import {
  addConnection,
  aLoss,
  aMapping,
  aMessage,
  anAuditEntry,
  aReauthorization,
  at,
  touchpoints,
} from '../../support/builders.ts'
import { contract } from '../../support/dialects.ts'
import { aSeenAd, aTagChange } from '../../support/tag-builders.ts'

const MINUTE = 60_000
const REMOVED = {
  kind: 'connection_removed' as const,
  name: 'salesforce',
  account: 'Acme Inc',
  provider: 'Salesforce',
  by: 'U1',
  waiting: 0,
  rejected: 0,
  channelId: null,
}

function aRemoval(seen: Connection, over: Partial<Removal> = {}): Removal {
  const notice = { ...REMOVED, isCard: false }
  return {
    seen,
    at: at(10 * MINUTE),
    closing: { ...REMOVED, isCard: true },
    line: aMessage({ connectionId: null, kind: 'notice', notice, createdAt: at(10 * MINUTE) }),
    audit: anAuditEntry({ connectionId: seen.id, action: 'removed', detail: seen.name, at: at(10 * MINUTE) }),
    ...over,
  }
}

async function forgetAll(store: Store, limit = 1000): Promise<number> {
  let steps = 0
  while (await store.removals.forget(limit)) steps++
  return steps
}

/** Rows of every table but those that stay: what they are of, and how many. */
async function rowsLeft({ queries, tables }: Dialect): Promise<Record<string, number>> {
  const { meta, audit, cardTurns, edits, ...others } = tables
  const counts: Record<string, number> = {}
  for (const [name, table] of Object.entries(others)) {
    const n = (await queries.select().from(table)).length
    if (n > 0) counts[name] = n
  }
  return counts
}

/** Every message that is due is shown, as number 1 and so on. */
async function showAll(store: Store, ms: number) {
  for (const message of await store.messages.claim(at(ms), at(ms + 10_000), 'me', 50)) {
    const shown = { ts: `1.${message.id}`, channelId: 'C1', version: message.wanted, at: at(ms), dueAt: null }
    await store.messages.shown(message, 'me', shown)
  }
}

/** A red CRM with some of everything: what waits, what was refused, a mapping, a hold, a catch-up of before. */
async function aRichCrm(store: Store, over: Partial<Connection> = {}): Promise<Connection> {
  const fresh = await addConnection(store, { name: 'salesforce', ...over })
  const { id } = fresh
  await store.connections.setMapping(id, aMapping(), anAuditEntry({ connectionId: id }))
  await store.outbox.accept(id, touchpoints(450), at(0))
  const [first, second] = await store.outbox.waiting(id, 0, at(1), 2)
  const refusal = { code: 'X', message: 'no', field: null }
  await store.outbox.settle(
    id,
    [
      { kind: 'pushed', key: first!.key },
      { kind: 'rejected', key: second!.key, ...refusal, value: null },
    ] as never,
    at(2),
  )
  const red = (await store.connections.changeHealth(aLoss(fresh)))!
  const back = (await store.connections.reauthorize(aReauthorization(red)))!
  const hold = { connectionId: id, reason: 'paused' as const, since: at(3000), until: null, by: 'U1', detail: {} }
  await store.holds.put(hold, at(3000), null)
  await showAll(store, 61_000)
  const again = { ...aLoss(back.connection), reuseCardClosedAfter: at(9 * MINUTE) }
  return (await store.connections.changeHealth(again))!
}

contract('a removal', (world) => {
  test('is one step for everybody: no list, name, account, work or login of it is left; its history stays', async () => {
    const { store, dialect } = world()
    const other = await addConnection(store, { name: 'other' })
    const red = await aRichCrm(store)
    expect(await store.removals.remove(aRemoval(red))).toBe(true)

    expect((await store.connections.overviews('T1')).map(({ connection }) => connection.id)).toEqual([other.id])
    expect(await store.connections.find(red.id)).toBeUndefined()
    expect(await store.connections.overview(red.id)).toBeUndefined()
    expect(await store.connections.byName('T1', 'salesforce')).toBeUndefined()
    expect(await store.connections.byAccount('T1', 'salesforce', red.accountId)).toBeUndefined()
    expect((await store.connections.crms('T1', ['salesforce'], 9)).targets.map(({ name }) => name)).toEqual(['other'])
    expect(await store.outbox.drainable(at(20 * MINUTE))).toEqual([])
    expect(await store.outbox.find('T1', 'nothing')).toEqual([])
    expect((await store.checks.claim(at(99 * MINUTE), at(100 * MINUTE), 'me', 9)).map(({ id }) => id)).toEqual([other.id])
    await expect(store.outbox.accept(red.id, touchpoints(1), at(1))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await store.connections.reauthorize(aReauthorization(red))).toBeUndefined()
    expect(await store.removals.remove(aRemoval(red))).toBe(false)

    // The account and the name are free before the last row is deleted.
    const anew = await addConnection(store, { name: 'salesforce', accountId: red.accountId })
    await forgetAll(store)
    expect((await store.history.of(red.id, 50)).map(({ action }) => action)).toContain('removed')
    const { queries, tables } = dialect
    const grants = await queries.select({ id: tables.grants.id }).from(tables.grants)
    expect(grants.map(({ id }) => id).sort()).toEqual([other.grantId, anew.grantId].sort())
  })

  test('deletes every row of a CRM, in bounded steps', async () => {
    const { store, dialect } = world()
    const red = await aRichCrm(store)
    await store.removals.remove(aRemoval(red))
    // 450 ids at 50 a step, and each of the other kinds.
    expect(await forgetAll(store, 50)).toBeGreaterThan(9)
    const left = await rowsLeft(dialect)
    expect(left).toEqual({ messages: 2 }) // the line in the channel, and the card that says so
  })

  test('deletes every row of an ad platform', async () => {
    const { store, dialect } = world()
    const ads = await addConnection(store, { provider: 'meta', kind: 'ads', name: 'meta' })
    const [claimed] = await store.costs.claim(at(0), at(MINUTE), 'me', 1)
    const days = { from: '2026-11-20', to: '2026-11-22' }
    const download = (await store.costs.begin(claimed!.download, 'me', { currency: 'EUR', timeZone: 'UTC' }, days))!
    const cost = (day: string, campaignId: string) => ({
      day,
      campaignId,
      campaignName: 'C',
      micros: 5n,
      clicks: 1,
      impressions: 2,
    })
    await store.costs.take(download, [cost('2026-11-20', 'a'), cost('2026-11-20', 'b'), cost('2026-11-21', 'a')] as never)
    await store.costs.complete(download, 'me', { lost: null, restatedAt: at(MINUTE), at: at(MINUTE), dueAt: at(MINUTE) })
    const { queries, tables } = dialect
    await queries.insert(tables.ads).values({ ...aSeenAd({ id: 'ad-1' }), connectionId: ads.id })
    await queries.insert(tables.tagChanges).values(aTagChange({ connectionId: ads.id }))
    const red = (await store.connections.changeHealth(aLoss(ads)))!
    const report = aMessage({ connectionId: ads.id, kind: 'gap', wanted: 0 })
    const back = (await store.connections.reauthorize(aReauthorization(red, { report })))!
    expect(await rowsLeft(dialect)).toMatchObject({
      costs: 3,
      costDays: 3,
      campaigns: 2,
      ads: 1,
      tagChanges: 1,
      gaps: 1,
      outages: 1,
    })
    await store.removals.remove(aRemoval(back.connection))
    await forgetAll(store, 1)
    expect(await rowsLeft(dialect)).toEqual({ messages: 1 })
  })

  test('keeps a login that another connection uses', async () => {
    const { store } = world()
    const one = await addConnection(store, { grantId: 'shared', provider: 'meta', kind: 'ads' }, { id: 'shared' })
    await addConnection(store, { grantId: 'shared', provider: 'meta', kind: 'ads' }, { id: 'shared' })
    await store.removals.remove(aRemoval(one))
    await forgetAll(store)
    expect(await store.grants.find('shared')).toBeDefined()
  })

  test('tells nothing of logins that end, nor of doubts, of what is removed', async () => {
    const { store } = world()
    const ending = await addConnection(store, {}, { refreshExpiresAt: at(MINUTE) })
    expect(await store.grants.endingBefore(at(2 * MINUTE))).toHaveLength(1)
    await store.removals.remove(aRemoval(ending))
    expect(await store.grants.endingBefore(at(2 * MINUTE))).toEqual([])
    expect(await store.connections.answering('T1')).toBe(0)
  })

  test('loses against a change that was made since it was seen', async () => {
    const { store } = world()
    const seen = await addConnection(store)
    const red = await store.connections.changeHealth(aLoss(seen))
    expect(await store.removals.remove(aRemoval(seen))).toBe(false)
    expect(await store.connections.find(seen.id)).toEqual(red)
    const both = await Promise.all([store.removals.remove(aRemoval(red!)), world().other.removals.remove(aRemoval(red!))])
    expect(both.sort()).toEqual([false, true])
  })
})

contract('the cards of what is removed', (world) => {
  const lastClaim = async (store: Store, ms: number) => store.messages.claim(at(ms), at(ms + 10_000), 'next', 50)

  test('an open one is edited to say so; what was not posted yet never is', async () => {
    const { store } = world()
    const red = await aRichCrm(store)
    await showAll(store, 9 * MINUTE)
    const card = (await store.messages.ofOutage((await store.connections.overview(red.id))!.outage!.id))!
    const unsent = aMessage({ connectionId: red.id, kind: 'notice', threadOf: card.id })
    await store.messages.add(unsent, at(0))
    const removal = aRemoval(red)
    await store.removals.remove(removal)
    const due = await lastClaim(store, 11 * MINUTE)
    // Those of the outage and of the catch-up that was not finished when it began, and the line.
    expect(due.map(({ notice }) => notice)).toEqual(
      expect.arrayContaining([removal.closing, removal.closing, removal.line.notice]),
    )
    expect(due).toHaveLength(3)
    expect(due.find(({ id }) => id === card.id)).toMatchObject({
      connectionId: null,
      kind: 'notice',
      notice: removal.closing,
      ts: card.ts,
      outageId: null,
    })
    await forgetAll(store)
    expect(await store.messages.find(card.id)).toMatchObject({ ts: card.ts })
    expect(await store.messages.find(unsent.id)).toBeUndefined()
  })

  test('one that is on its way to Slack just now is edited as soon as it is there', async () => {
    const { store } = world()
    const loss = aLoss(await addConnection(store))
    const red = (await store.connections.changeHealth(loss))!
    const claimed = (await store.messages.claim(at(2000), at(99 * MINUTE), 'me', 50)).find(({ id }) => id === loss.card?.id)!
    expect(await store.messages.sending(claimed, 'me', at(2000), 'C1')).toBe(true)
    await store.removals.remove(aRemoval(red))
    await store.messages.shown(claimed, 'me', { ts: '1.1', channelId: 'C1', version: 1, at: at(11 * MINUTE), dueAt: null })
    const due = await lastClaim(store, 11 * MINUTE)
    expect(due.find(({ id }) => id === claimed.id)).toMatchObject({
      ts: '1.1',
      notice: { kind: 'connection_removed', isCard: true },
    })
  })

  test('one that was claimed, but not sent, is not posted any more', async () => {
    const { store } = world()
    const loss = aLoss(await addConnection(store))
    const red = (await store.connections.changeHealth(loss))!
    const claimed = (await store.messages.claim(at(2000), at(99 * MINUTE), 'me', 50)).find(({ id }) => id === loss.card?.id)!
    await store.removals.remove(aRemoval(red))
    expect(await store.messages.sending(claimed, 'me', at(11 * MINUTE), 'C1')).toBe(false)
    expect(await store.messages.find(claimed.id)).toBeUndefined()
  })

  test('of somebody who left, the card goes on as that of another provider’s connection, and nobody depends on what is gone', async () => {
    const { store } = world()
    const one = await addConnection(store, { name: 'one', ownerId: 'U9' }, { authorizedBy: null })
    const two = await addConnection(store, { name: 'two', ownerId: 'U9', provider: 'hubspot' }, { authorizedBy: null })
    const message = aMessage({ connectionId: one.id, kind: 'warning' })
    const needs = { provider: 'x', isOwner: true, isDeputy: false, loggedIn: false }
    const connections = [one, two].map(({ id, name, accountName }) => ({ id, name, accountName, ...needs }))
    const detail = { kind: 'leaver' as const, userId: 'U9', person: 'Ben', connections, others: 0, ended: null }
    const warning = {
      messageId: message.id,
      teamId: 'T1',
      subject: 'leaver U9',
      detail,
      since: at(0),
      closedAt: null,
      version: 0,
    }
    await store.warnings.raise(warning, message)
    await showAll(store, 0)
    await store.removals.remove(aRemoval(one))
    expect(await store.messages.find(message.id)).toMatchObject({ connectionId: two.id, kind: 'warning' })
    const depended = await store.people.dependents({ teamId: 'T1', userId: 'U9' })
    expect(depended.map(({ connection }) => connection.name)).toEqual(['two'])
    await store.removals.remove(aRemoval(two, { line: aMessage({ connectionId: null, kind: 'notice' }) }))
    expect(await store.people.toLookAt(at(0), 99)).toEqual([])
    expect(await store.digests.places()).toEqual([])
  })

  test('a warning goes on as another connection’s, or ends with the last one', async () => {
    const { store, dialect } = world()
    const one = await addConnection(store, { grantId: 'g', name: 'one' }, { id: 'g' })
    const two = await addConnection(store, { grantId: 'g', name: 'two' }, { id: 'g' })
    const message = aMessage({ connectionId: one.id, kind: 'warning' })
    const named = [one, two].map(({ id, name, accountName }) => ({ id, name, accountName }))
    const detail = {
      kind: 'login_ends' as const,
      provider: 'salesforce' as const,
      grantId: 'g',
      username: 'ops',
      endsAt: at(0).toISOString(),
      connections: named,
      step: 7,
      daysLeft: 7,
      ended: null,
    }
    const warning = { messageId: message.id, teamId: 'T1', subject: 'login g', detail, since: at(0), closedAt: null, version: 0 }
    await store.warnings.raise(warning, message)
    await showAll(store, 0)
    await store.removals.remove(aRemoval(one))
    expect(await store.messages.find(message.id)).toMatchObject({ connectionId: two.id, kind: 'warning' })
    expect(await store.warnings.open()).toHaveLength(1)
    await store.removals.remove(aRemoval(two, { line: aMessage({ connectionId: null, kind: 'notice' }) }))
    expect(await store.warnings.open()).toEqual([])
    expect(await store.messages.find(message.id)).toMatchObject({ connectionId: null, kind: 'notice' })
    await forgetAll(store)
    const { connections } = dialect.tables
    expect(await dialect.queries.select().from(connections).where(eq(connections.grantId, 'g'))).toEqual([])
  })
})
