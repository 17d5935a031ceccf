import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HOUR_MS, later } from '../../src/clock.ts'
import { rejectsLink } from '../../src/domain/access/links.ts'
import type { Connection } from '../../src/domain/connections/connection.ts'
import { dismissRejects, retryRejectGroup, retryRejects } from '../../src/domain/outbox/move-rejects.ts'
import { describeRejects, openRejectsLink, readRejects } from '../../src/domain/outbox/read-rejects.ts'
import { reasonId } from '../../src/domain/outbox/reject.ts'
import type { Person } from '../../src/domain/slack.ts'
import type { Store } from '../../src/domain/store.ts'
import { silentLog } from '../../src/log.ts'
import { createProviders } from '../../src/outbound/providers/registry.ts'
import { openStore } from '../../src/outbound/store/store.ts'
import { ticketOffice } from '../../src/outbound/tickets.ts'
import { addConnection, anId, at, touchpoints } from '../support/builders.ts'
import { handClock } from '../support/hand-clock.ts'

const BEN: Person = {
  id: 'U0BEN',
  teamId: 'T1',
  name: 'Ben',
  isAdmin: false,
  isGuest: false,
  isDeactivated: false,
  timeZone: 'UTC',
  groups: [],
  teamIds: [],
}

let store: Store
let connection: Connection

beforeEach(async () => {
  store = await openStore(':memory:', { stamp: 'live' })
  connection = await addConnection(store, { name: 'salesforce' })
})
afterEach(() => store.close())

function someDeps(person: () => Person | undefined = () => BEN) {
  const clock = handClock()
  return {
    store,
    clock,
    log: silentLog,
    newId: () => anId('id'),
    tickets: ticketOffice([Buffer.alloc(32, 1)], clock),
    providers: createProviders({} as never, {} as never),
    slack: { person: async () => person() } as never,
    settings: { url: 'https://redkey.example' } as never,
  }
}

/** So many are refused for that reason. */
async function refused(count: number, code: string, prefix = code): Promise<void> {
  for (let from = 0; from < count; from += 1000) {
    await store.outbox.accept(connection.id, touchpoints(Math.min(1000, count - from), `${prefix}-${from}`), at(1))
  }
  const waiting = await store.outbox.waiting(connection.id, 0, at(2), count)
  const settlements = waiting.map(({ key }) => ({ kind: 'rejected' as const, key, code, message: `${code}!`, field: null }))
  await store.outbox.settle(connection.id, settlements, at(2))
}

const reason = (code: string) => ({ code, message: `${code}!`, field: null, count: 0, isExample: false })

describe('what was rejected', () => {
  test('is told by reason with up to five ids of the oldest, for the ten most frequent', async () => {
    for (let n = 1; n <= 12; n++) await refused(n, `C${n}`)
    const found = await describeRejects(someDeps(), 'T1', 'salesforce')
    if (found.kind !== 'found') throw new Error(found.kind)
    expect(found.groups.map(({ count }) => count)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
    expect(found.groups[0]).toMatchObject({ code: 'C12', groupId: reasonId(reason('C12')) })
    expect(found.groups[0]?.examples).toEqual([0, 1, 2, 3, 4].map((n) => `C12-0-${n}`))
    expect(found.groups.map(({ examples }) => examples.length)).toEqual([5, 5, 5, 5, 5, 5, 5, 5, 4, 3, 0, 0])
  })

  test('is read page after page to its end', async () => {
    await refused(401, 'X')
    const reader = await readRejects(someDeps(), 'T1', 'salesforce')
    if (reader.kind !== 'found') throw new Error(reader.kind)
    const sizes: number[] = []
    for (let after: number | null = 0; after !== null && sizes.length < 9; ) {
      const { rejects, next }: { rejects: readonly unknown[]; next: number | null } = await reader.page(after)
      sizes.push(rejects.length)
      after = next
    }
    expect(sizes).toEqual([200, 200, 1])
  })

  test('is nothing of another workspace, and a wrong name gets the right one', async () => {
    expect(await describeRejects(someDeps(), 'T1', 'salesfroce')).toEqual({ kind: 'unknown', nearest: 'salesforce' })
    expect(await readRejects(someDeps(), 'T2', 'salesforce')).toEqual({ kind: 'unknown', nearest: null })
    expect(await retryRejects(someDeps(), 'T2', 'salesforce', {})).toEqual({ kind: 'unknown', nearest: null })
    expect(await retryRejectGroup(someDeps(), 'T2', { ...BEN, teamId: 'T2' }, connection.id, 'x')).toEqual({ kind: 'gone' })
  })
})

describe('retrying', () => {
  test('takes all of a reason, thousands too, notes who once, and leaves the other reasons', async () => {
    await refused(2300, 'MANY')
    await refused(2, 'FEW')
    const deps = someDeps()
    const outcome = await retryRejectGroup(deps, 'T1', BEN, connection.id, reasonId(reason('MANY')))
    expect(outcome).toMatchObject({ kind: 'retried', count: 2300 })
    expect(await store.outbox.backlog(connection.id)).toMatchObject({ waiting: 2300, rejected: 2 })
    const noted = (await store.history.of(connection.id, 9)).filter(({ action }) => action === 'rejects_retried')
    expect(noted).toMatchObject([{ actor: 'U0BEN', detail: '2300 × MANY' }])
    expect(await retryRejectGroup(deps, 'T1', BEN, connection.id, reasonId(reason('MANY')))).toMatchObject({ kind: 'none' })
  })

  test('by any part of the reason, or all', async () => {
    await refused(3, 'A')
    await refused(2, 'B')
    expect(await retryRejects(someDeps(), 'T1', 'salesforce', { message: 'B!' })).toEqual({ kind: 'moved', count: 2 })
    expect(await retryRejects(someDeps(), 'T1', 'salesforce', { code: 'A', field: 'F__c' })).toEqual({ kind: 'moved', count: 0 })
    expect(await retryRejects(someDeps(), 'T1', 'salesforce', {})).toEqual({ kind: 'moved', count: 3 })
    expect(await store.outbox.backlog(connection.id)).toMatchObject({ waiting: 5, rejected: 0 })
  })

  test('is not for guests and people of other companies', async () => {
    await refused(1, 'A')
    const id = reasonId(reason('A'))
    const ask = (over: Partial<Person>) => retryRejectGroup(someDeps(), 'T1', { ...BEN, ...over }, connection.id, id)
    expect(await ask({ isGuest: true })).toEqual({ kind: 'not_allowed', reason: 'guest' })
    expect(await ask({ teamId: 'T9' })).toEqual({ kind: 'not_allowed', reason: 'other_company' })
    expect(await store.outbox.backlog(connection.id)).toMatchObject({ rejected: 1 })
  })
})

test('dismissing is noted, and lets nothing wait', async () => {
  await refused(3, 'A')
  expect(await dismissRejects(someDeps(), 'T1', 'salesforce', { code: 'A' })).toEqual({ kind: 'moved', count: 3 })
  expect(await store.outbox.backlog(connection.id)).toEqual({ waiting: 0, pushed: 0, superseded: 0, rejected: 0 })
  expect((await store.history.of(connection.id, 1))[0]).toMatchObject({
    action: 'rejects_dismissed',
    detail: '3 × A',
    actor: null,
  })
})

describe('the link to the file', () => {
  async function ticket(deps: ReturnType<typeof someDeps>): Promise<string> {
    const link = await rejectsLink(deps, 'T1', BEN, connection.id)
    if (link.kind !== 'link') throw new Error(link.kind)
    expect(link.expiresInMs).toBe(HOUR_MS)
    return link.url.replace('https://redkey.example/rejects/', '')
  }

  test('opens for an hour', async () => {
    const deps = someDeps()
    const text = await ticket(deps)
    expect(await openRejectsLink(deps, text)).toMatchObject({ kind: 'found', connection: { name: 'salesforce' } })
    deps.clock.turn(HOUR_MS)
    expect(await openRejectsLink(deps, text)).toEqual({ kind: 'expired' })
  })

  test('is not made for guests, nor for a connection of another workspace', async () => {
    expect(await rejectsLink(someDeps(), 'T1', { ...BEN, isGuest: true }, connection.id)).toEqual({
      kind: 'not_allowed',
      reason: 'guest',
    })
    expect(await rejectsLink(someDeps(), 'T2', { ...BEN, teamId: 'T2' }, connection.id)).toEqual({ kind: 'gone' })
  })

  test('is shut when its owner has left since; it holds while Slack can’t tell', async () => {
    const text = await ticket(someDeps())
    const opened = (person: Person | undefined) =>
      openRejectsLink(
        someDeps(() => person),
        text,
      )
    expect(await opened({ ...BEN, isDeactivated: true })).toEqual({ kind: 'not_allowed', reason: 'deactivated' })
    expect(await opened(undefined)).toMatchObject({ kind: 'found' })
  })

  test('is nothing that another ticket opens, and opens nothing else', async () => {
    const deps = someDeps()
    const other = await deps.tickets.sign(
      { kind: 'reauthorize', connectionId: connection.id, outageId: null, userId: null },
      later(deps.clock.now(), HOUR_MS),
    )
    expect(await openRejectsLink(deps, other)).toEqual({ kind: 'forged' })
    expect(await openRejectsLink(deps, `${await ticket(deps)}x`)).toEqual({ kind: 'forged' })
  })
})
