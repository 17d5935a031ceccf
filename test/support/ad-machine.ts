import type { Grant } from '../../src/domain/access/grant.ts'
import { addConnection } from '../../src/domain/access/new-connections.ts'
import { newGrant, swapGrant } from '../../src/domain/access/swap-grant.ts'
import { checkNow } from '../../src/domain/connections/check.ts'
import { grantCaller } from '../../src/domain/connections/grant-caller.ts'
import { costDownloader } from '../../src/domain/costs/download-costs.ts'
import type { Deps } from '../../src/domain/deps.ts'
import { createRounds } from '../../src/domain/leases.ts'
import { createApiMeters } from '../../src/domain/outbox/api-meter.ts'
import type { Providers } from '../../src/domain/provider.ts'
import type { Person } from '../../src/domain/slack.ts'
import type { Store } from '../../src/domain/store.ts'
import { changeTagging, type TaggingChanged } from '../../src/domain/tags/change-tagging.ts'
import { adScanner } from '../../src/domain/tags/scan-ads.ts'
import { type Undoing, undoTags } from '../../src/domain/tags/undo-tags.ts'
import { silentLog } from '../../src/log.ts'
import { grantSealer, secretSealer } from '../../src/outbound/seal.ts'
import type { Dialect } from '../../src/outbound/store/dialect.ts'
import { openSqlite } from '../../src/outbound/store/sqlite.ts'
import { createStore } from '../../src/outbound/store/store.ts'
import type { HandClock } from './hand-clock.ts'
import { type MemoryAdPlatform, WANTED } from './memory-ad-platform.ts'

/** At which write of costs and ads a process is killed: before or after it has been carried out. */
export interface AdDeath {
  /** From 0. */
  readonly write: number
  readonly when: 'before' | 'after'
}

/** A process that downloads costs and looks at ads: its own session with the database, and nothing that survives it. */
export interface AdMachine {
  readonly store: Store
  readonly dialect: Dialect
  readonly deps: Pick<Deps, 'store' | 'clock' | 'settings' | 'providers'>
  /** Everything that is due; ends early when the process dies. */
  run(): Promise<void>
  connect(): Promise<string>
  logIn(connectionId: string): Promise<void>
  check(): Promise<void>
  /** Saves the form of auto-tagging, with what is usual. */
  save(connectionId: string, isTagging: boolean, parameters?: string): Promise<TaggingChanged>
  undo(changeId: string): Promise<Undoing>
  isAlive(): boolean
  /** Null: it lives on. */
  killAt(death: AdDeath | null): void
  kill(): Promise<void>
}

let made = 0

/** Starts a process on a database whose tables are there. */
export function anAdMachine(databaseFile: string, ads: MemoryAdPlatform, clock: HandClock): AdMachine {
  const dialect = openSqlite(databaseFile, false)
  const store = createStore(dialect)
  const death = Promise.withResolvers<void>()
  let alive = true
  let fate: AdDeath | null = null
  let writes = 0

  async function kill(): Promise<void> {
    if (!alive) return
    alive = false
    death.resolve()
    await dialect.close()
  }
  async function through<T>(carryOut: () => Promise<T>): Promise<T> {
    const isFatal = fate !== null && fate.write === writes++
    if (isFatal && fate?.when === 'before') await kill()
    if (!alive) return new Promise(() => undefined)
    const answer = await carryOut()
    if (isFatal) await kill()
    return alive ? answer : new Promise(() => undefined)
  }
  function mortal<T extends object>(part: T, names: readonly (keyof T)[]): void {
    for (const name of names) {
      const write = part[name] as (...asked: readonly unknown[]) => Promise<unknown>
      Object.assign(part, { [name]: (...asked: readonly unknown[]) => through(() => write(...asked)) })
    }
  }
  mortal(store.costs, ['begin', 'take', 'wait', 'fail', 'complete'])
  mortal(store.adScans, ['keep', 'intend', 'made', 'refused', 'fail', 'complete', 'undone'])

  const get = (name: string) => (name === ads.platform.name ? ads.platform : undefined)
  const none = { all: () => [ads.platform], own: () => [], learn: () => false, listener: () => undefined }
  const providers: Providers = { ...none, get, of: get }
  const newId = () => `id-${String(++made).padStart(9, '0')}`
  const settings: Deps['settings'] = {
    machine: newId(),
    url: 'http://localhost:3000',
    channelId: 'C1',
    checkEveryMs: 300_000,
    confirmAfterMs: 60_000,
    unreachableAfterMs: 7_200_000,
    secretEnds: [],
    admins: [],
    members: [],
    onCall: null,
    digest: false,
    storm: { cards: 10, withinMs: 300_000 },
    timeZone: 'UTC',
    pushConcurrency: 1,
    bulkFrom: null,
    apiBudget: 1,
    catchUp: 'auto',
  }
  const base = { store, providers, clock, log: silentLog, newId, settings, sealer: SEALER, secrets: SECRETS, random: () => 0.5 }
  const deps = {
    ...base,
    grants: grantCaller(base),
    meters: createApiMeters(clock, settings.apiBudget),
    stopping: new AbortController().signal,
    rounds: createRounds(newId),
    tickets: {} as Deps['tickets'], // no login page here
  }
  const [downloader, scanner] = [costDownloader(deps), adScanner(deps)]

  async function aGrant(): Promise<Grant> {
    const identity = { userId: 'lea', username: 'lea@acme.example', accounts: [ads.account] }
    return newGrant(deps, TEAM, { provider: ads.platform, tokens: ads.login(), identity }, ANA.id)
  }

  return {
    store,
    dialect,
    deps,
    async run() {
      await Promise.race([Promise.all([downloader.run(), scanner.run()]), death.promise])
    },
    async connect() {
      const adder = { teamId: TEAM, userId: ANA.id, confirms: true, wishes: null }
      const added = await addConnection(deps, adder, ads.platform, await aGrant(), ads.account)
      if (added.kind !== 'connected') throw new Error(added.kind)
      return added.connection.id
    },
    async logIn(connectionId) {
      const connection = await store.connections.find(connectionId)
      if (connection) await swapGrant(deps, connection, await aGrant(), ads.account, ANA.id)
    },
    async check() {
      await checkNow(deps, TEAM, null)
    },
    async save(connectionId, isTagging, parameters = WANTED) {
      const scan = await store.adScans.find(connectionId)
      const wish = { isTagging, parameters, withMarketoMeasure: false, isAgreed: true, settingsAt: scan?.settingsAt ?? null }
      return changeTagging(deps, TEAM, ANA, connectionId, wish)
    },
    undo: (changeId) => undoTags(deps, TEAM, ANA, changeId),
    isAlive: () => alive,
    killAt(next) {
      fate = next
      writes = 0
    },
    kill,
  }
}

const TEAM = 'T1'
const SEALER = grantSealer([Buffer.alloc(32, 7)])
const SECRETS = secretSealer([Buffer.alloc(32, 7)])
const ANA: Person = {
  id: 'U1',
  teamId: TEAM,
  teamIds: [],
  name: 'Ana',
  isAdmin: true,
  isGuest: false,
  isDeactivated: false,
  timeZone: null,
  groups: [],
}
