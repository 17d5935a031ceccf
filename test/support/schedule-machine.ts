import { addConnection } from '../../src/domain/access/new-connections.ts'
import { newGrant } from '../../src/domain/access/swap-grant.ts'
import { grantCaller } from '../../src/domain/connections/grant-caller.ts'
import type { Crm } from '../../src/domain/crm.ts'
import type { Deps } from '../../src/domain/deps.ts'
import { createRounds } from '../../src/domain/leases.ts'
import { acceptTouchpoints } from '../../src/domain/outbox/accept.ts'
import { createApiMeters } from '../../src/domain/outbox/api-meter.ts'
import { createDrainer, type Drainer } from '../../src/domain/outbox/drain.ts'
import type { Identity } from '../../src/domain/provider.ts'
import type { Store } from '../../src/domain/store.ts'
import { silentLog } from '../../src/log.ts'
import type { Http, HttpRequest } from '../../src/outbound/providers/http.ts'
import { salesforce } from '../../src/outbound/providers/salesforce/salesforce.ts'
import { grantSealer, secretSealer } from '../../src/outbound/seal.ts'
import type { Dialect } from '../../src/outbound/store/dialect.ts'
import { openSqlite } from '../../src/outbound/store/sqlite.ts'
import { createStore } from '../../src/outbound/store/store.ts'
import { ACCOUNT } from './builders.ts'
import type { HandClock } from './hand-clock.ts'
import { LOGIN, type MemoryCrm } from './memory-crm.ts'

export const TEAM = 'T1'
export const IDENTITY: Identity = {
  userId: '005000000000001',
  username: 'ops@acme.example',
  accounts: [ACCOUNT],
}

const SEALER = grantSealer([Buffer.alloc(32, 7)])
const SECRETS = secretSealer([Buffer.alloc(32, 7)])
/** So few records in a request that a handful of touchpoints takes several. */
const A_REQUEST = 2

/** Where a process is killed: at a call that it makes, before or after that has been carried out. */
export interface Death {
  readonly at: 'push' | 'settle'
  /** From 0. */
  readonly call: number
  readonly when: 'before' | 'after'
}

/** A process: its own session with the database, its own memory, and nothing that survives it. */
export interface Machine {
  readonly store: Store
  readonly dialect: Dialect
  readonly deps: Pick<
    Deps,
    | 'store'
    | 'providers'
    | 'grants'
    | 'clock'
    | 'random'
    | 'newId'
    | 'log'
    | 'settings'
    | 'stopping'
    | 'sealer'
    | 'secrets'
    | 'tickets'
    | 'rounds'
    | 'meters'
  >
  readonly drainer: Drainer
  isAlive(): boolean
  /** Resolves when it is killed: whatever it was at never ends. */
  readonly died: Promise<void>
  /** Null: it lives on. */
  killAt(death: Death | null): void
  kill(): Promise<void>
}

let made = 0

/** Starts a process on a database whose tables are there. */
export function aMachine(databaseFile: string, crm: MemoryCrm, clock: HandClock, lanes: number): Machine {
  const dialect = openSqlite(databaseFile, false)
  const store = createStore(dialect)
  const death = Promise.withResolvers<void>()
  let alive = true
  let fate: Death | null = null
  let calls = { push: 0, settle: 0 }

  async function kill(): Promise<void> {
    if (!alive) return
    alive = false
    death.resolve()
    await dialect.close()
  }
  async function through<T>(call: Death['at'], carryOut: () => Promise<T>): Promise<T> {
    const isFatal = fate !== null && fate.at === call && fate.call === calls[call]++
    if (isFatal && fate?.when === 'before') await kill()
    if (!alive) return new Promise(() => undefined)
    const answer = await carryOut()
    if (isFatal) await kill()
    return alive ? answer : new Promise(() => undefined)
  }

  const http: Http = {
    ...crm.http,
    send: (request: HttpRequest) =>
      request.method === 'PATCH' ? through('push', () => crm.http.send(request)) : crm.http.send(request),
  }
  const { settle } = store.outbox
  Object.assign(store.outbox, { settle: (...asked: Parameters<typeof settle>) => through('settle', () => settle(...asked)) })

  const provider: Crm = {
    ...salesforce({ clientId: 'redkey', clientSecret: 'secret', loginUrl: LOGIN, apiVersion: 'v67.0' }, { http, clock }),
    batchSize: A_REQUEST,
  }
  const get = (name: string) => (name === 'salesforce' ? provider : undefined)
  const providers = { get, of: get, all: () => [provider], own: () => [], learn: () => false, listener: () => undefined }
  const newId = () => `id-${++made}`
  const settings = {
    machine: newId(),
    url: 'http://localhost:3000',
    channelId: 'C1',
    checkEveryMs: 300_000,
    confirmAfterMs: 60_000,
    unreachableAfterMs: 7_200_000,
    secretEnds: [],
    admins: [],
    onCall: null,
    members: [],
    pushConcurrency: lanes,
    bulkFrom: null,
    apiBudget: 1,
    catchUp: 'auto' as const,
    storm: { cards: 10, withinMs: 300_000 },
    digest: false,
    timeZone: 'UTC',
  }
  const base = { store, providers, clock, log: silentLog, newId, settings, sealer: SEALER, secrets: SECRETS, random: () => 0.5 }
  const deps: Machine['deps'] = {
    ...base,
    grants: grantCaller(base),
    meters: createApiMeters(clock, settings.apiBudget),
    stopping: new AbortController().signal,
    rounds: createRounds(newId),
    tickets: {} as Deps['tickets'], // no login page here
  }
  return {
    store,
    dialect,
    deps,
    drainer: createDrainer(deps),
    isAlive: () => alive,
    died: death.promise,
    killAt(next) {
      fate = next
      calls = { push: 0, settle: 0 }
    },
    kill,
  }
}

/** The one connection, confirmed. */
export async function connect({ deps }: Machine, crm: MemoryCrm): Promise<string> {
  const provider = deps.providers.get('salesforce')
  if (!provider) throw new Error('there is no provider')
  const ticket = {
    kind: 'connect',
    id: 't',
    teamId: TEAM,
    userId: 'U1',
    userName: 'Ana',
    provider: 'salesforce',
    client: null,
    confirms: true,
    wishes: null,
  } as const
  const grant = await newGrant(deps, TEAM, { provider, tokens: crm.login(), identity: IDENTITY }, 'U1')
  const completion = await addConnection(deps, ticket, provider, grant, ACCOUNT)
  if (completion.kind !== 'connected') throw new Error(completion.kind)
  return completion.connection.id
}

export async function accept(
  { deps }: Machine,
  items: readonly { readonly id: string; readonly content: string }[],
): Promise<number> {
  const touchpoints = items.map(({ id, content }) => ({ id, occurredAt: '2026-11-20T10:00:00Z', adContent: content }))
  const intake = await acceptTouchpoints(deps, TEAM, touchpoints)
  if (intake.kind !== 'accepted' || intake.rejected.length > 0) throw new Error(JSON.stringify(intake))
  return intake.accepted
}
