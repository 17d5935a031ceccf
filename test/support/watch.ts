import { later, SECOND_MS } from '../../src/clock.ts'
import type { Grant } from '../../src/domain/access/grant.ts'
import { bindingOf } from '../../src/domain/access/grant.ts'
import { deliverMessages } from '../../src/domain/cards/deliver.ts'
import { runDueChecks } from '../../src/domain/connections/check.ts'
import type { Connection } from '../../src/domain/connections/connection.ts'
import { grantCaller } from '../../src/domain/connections/grant-caller.ts'
import type { Deps, Settings } from '../../src/domain/deps.ts'
import { createRounds, renewLeases } from '../../src/domain/leases.ts'
import { createApiMeters } from '../../src/domain/outbox/api-meter.ts'
import type { Provider, Providers, Tokens } from '../../src/domain/provider.ts'
import type { Store } from '../../src/domain/store.ts'
import { tellWarnings } from '../../src/domain/warnings/tell-warnings.ts'
import { type Log, silentLog } from '../../src/log.ts'
import { grantSealer, secretSealer } from '../../src/outbound/seal.ts'
import { signInSeals } from '../../src/outbound/slack/sign-in-seals.ts'
import type { Dialect } from '../../src/outbound/store/dialect.ts'
import { openSqlite } from '../../src/outbound/store/sqlite.ts'
import { createStore, stampDatabase } from '../../src/outbound/store/store.ts'
import { ticketOffice } from '../../src/outbound/tickets.ts'
import { addConnection, aGrant, anId, at } from './builders.ts'
import { type HandClock, handClock } from './hand-clock.ts'
import { type MemorySlack, memorySlack } from './memory-slack.ts'
import { swapGrants } from './swap-grants.ts'

const KEYS = [Buffer.alloc(32, 7)]
const SEALER = grantSealer(KEYS)
const SECRETS = secretSealer(KEYS)

export interface WatchOptions {
  readonly clock: HandClock
  readonly providers: readonly Provider[]
  /** Processes on the one database. */
  readonly machines?: number
  readonly settings?: Partial<Settings>
  readonly log?: Log
}

/** Everything that watches connections, with the real store in memory: one or more processes, one channel, one clock. */
export interface Watch extends AsyncDisposable {
  readonly store: Store
  readonly dialect: Dialect
  readonly slack: MemorySlack
  readonly machines: readonly Deps[]
  /** A grant that all its connections share; one connection for each account. */
  connect(provider: Provider, userId: string, tokens: Tokens, accounts: readonly string[]): Promise<Connection[]>
  /** Somebody logs in anew: all connections of the user's grant get the new one. */
  logInAgain(provider: Provider, userId: string, tokens: Tokens, connections: readonly string[]): Promise<void>
  find(id: string): Promise<Connection>
  /** One round of every machine's checks, at once, and then of what tells. */
  round(): Promise<void>
  /** Turns the clock a few seconds at a time, with a round each time. */
  beat(seconds: number): Promise<void>
  /** Turns the clock in strides, with a round after each. */
  pass(ms: number, strideMs: number): Promise<void>
}

export const TEAM = 'T1'
const A_BEAT_MS = 5 * SECOND_MS

/** A clock of tests that look at stored dates. */
export function aClock(): HandClock {
  return handClock(at(0))
}

export async function aWatch({
  clock,
  providers,
  machines: count = 1,
  settings: over = {},
  log = silentLog,
}: WatchOptions): Promise<Watch> {
  const dialect = openSqlite(':memory:', true)
  dialect.migrate()
  await stampDatabase(dialect, 'live')
  const store = createStore(dialect)
  const slack = memorySlack()
  const get = (name: string) => providers.find((one) => one.name === name)
  const known: Providers = {
    get,
    of: get,
    all: () => providers,
    own: () => [],
    learn: () => false,
    listener: () => undefined,
  }
  await store.workspaces.save({ teamId: TEAM, name: 'Acme', url: 'https://acme.slack.com/', botUserId: 'UBOT' }, clock.now())

  function aMachine(): Deps {
    const settings: Settings = {
      machine: anId('machine'),
      url: 'http://localhost:3000',
      channelId: 'C1',
      checkEveryMs: 300_000,
      confirmAfterMs: 60_000,
      unreachableAfterMs: 7_200_000,
      secretEnds: [],
      admins: [],
      onCall: null,
      members: [],
      pushConcurrency: 1,
      bulkFrom: null,
      apiBudget: 1,
      catchUp: 'auto',
      storm: { cards: 10, withinMs: 300_000 },
      digest: true,
      timeZone: 'UTC',
      ...over,
    }
    const newId = () => anId('id')
    const base = { store, providers: known, clock, log, newId, settings, sealer: SEALER, secrets: SECRETS, random: () => 0.5 }
    return {
      ...base,
      grants: grantCaller(base),
      meters: createApiMeters(clock, 1),
      stopping: new AbortController().signal,
      rounds: createRounds(newId),
      tickets: ticketOffice(KEYS, clock),
      signIn: null,
      signInSeals: signInSeals(KEYS, clock),
      slack: slack.slack,
      newSecret: () => anId('secret'),
    }
  }
  const machines = Array.from({ length: count }, aMachine)

  async function sealed(provider: Provider, userId: string, tokens: Tokens): Promise<Grant> {
    const id = anId('grant')
    const { id: clientId, tokenOrigin } = provider.client
    const unsealed = { id, clientId, tokenOrigin, teamId: TEAM, provider: provider.name, providerUserId: userId }
    return aGrant({
      ...unsealed,
      username: `${userId}@acme.example`,
      sealed: await SEALER.seal(tokens, bindingOf(unsealed)),
      authorizedAt: clock.now(),
      refreshedAt: clock.now(),
      refreshExpiresAt: tokens.refreshExpiresAt,
    })
  }

  const watch: Watch = {
    store,
    dialect,
    slack,
    machines,
    async connect(provider, userId, tokens, accounts) {
      const grant = await sealed(provider, userId, tokens)
      const now = clock.now()
      const added: Connection[] = []
      for (const accountId of accounts) {
        const about = { provider: provider.name, kind: provider.kind, grantId: grant.id, accountId, accountName: accountId }
        const healthy = { status: 'connected' as const, since: now, cause: null, explanation: null }
        const health = { ...healthy, suspectSince: null, unreachableSince: null, lastProofAt: now }
        added.push(await addConnection(store, { ...about, name: accountId.toLowerCase(), health }, grant))
      }
      for (const { id } of added) await store.checks.reschedule(id, now)
      return added
    },
    async logInAgain(provider, userId, tokens, connections) {
      await swapGrants(store, await sealed(provider, userId, tokens), connections, clock.now())
    },
    async find(id) {
      const found = await store.connections.find(id)
      if (!found) throw new Error(`${id} is gone`)
      return found
    },
    async round() {
      for (const deps of machines) await renewLeases(deps)
      // Several at once: whoever claims what is left to chance, as in real life.
      for (let claimed = 1; claimed > 0; ) {
        claimed = (await Promise.all(machines.map((deps) => runDueChecks(deps)))).reduce((sum, one) => sum + one, 0)
      }
      await Promise.all(machines.map((deps) => tellWarnings(deps)))
      for (let due = 1; due > 0; ) {
        due = (await Promise.all(machines.map((deps) => deliverMessages(deps)))).reduce((sum, one) => sum + one, 0)
      }
    },
    beat: (seconds) => watch.pass(seconds * SECOND_MS, A_BEAT_MS),
    async pass(ms, strideMs) {
      const end = later(clock.now(), ms)
      while (clock.now() < end) {
        clock.turn(Math.min(strideMs, end.getTime() - clock.now().getTime()))
        await watch.round()
      }
    },
    async [Symbol.asyncDispose]() {
      await store.close()
    },
  }
  return watch
}
