import { type CallLog, callLog } from '../call-log.ts'
import type { EntraSession, FakeEntra, LoginsOf } from '../entra/fake-entra.ts'
import { type Customizations, customizations } from './customizations.ts'
import { guidOf, type PrivilegeType } from './metadata.ts'
import { type RowChoice, type RowFaults, rowFaults } from './row-faults.ts'
import { type StoredRecord, type Table, type TableCounts, table } from './rows.ts'
import { seedTables, type TableSeed } from './table-seeds.ts'

export interface EnvironmentSeed {
  readonly name: string
  readonly isSandbox: boolean
  /** Of people of the fake Entra who are users here. */
  readonly usernames: readonly string[]
  /** Marketo Measure's solution is installed; left out: it is. */
  readonly hasMeasure?: boolean
}

/** A user of an environment, which is not the person's account at Entra. */
export interface EnvironmentUser {
  readonly id: string
  readonly username: string
  state: 'enabled' | 'disabled' | 'removed' | 'unlicensed' | 'without_role'
}

/** Read at each call; set them as you like. */
interface EnvironmentSwitches {
  /** 503 with a page of HTML. */
  down: boolean
  /** 500 on every call. */
  serverError: boolean
  /** 429 on every call: which of the three service protection limits. */
  limited: 'requests' | 'time' | 'concurrent' | null
  /** Of the parts of a batch, those from this place on are over the limit. */
  limitedFromPart: number | null
  /** What an admin did: lets only admins in, has switched it off, lets other apps in only, lets other networks in only. */
  closed: 'adminMode' | 'disabled' | 'appBlocked' | 'ipBlocked' | null
  /** 401 with a claims challenge on every call: a fresh access token does not help. */
  wantsClaims: boolean
  /** New records are refused: there is no storage left. */
  full: boolean
  /** RetrieveCurrentOrganization and systemusers are refused. */
  namesHidden: boolean
  /** The users here may customize. */
  customizers: boolean
  /** This many of the next customizations are refused, since another one is running. */
  busyCustomizations: number
  /** Added to every answer. */
  latencyMs: number
}

/** One environment as tests and the panel see it. */
export interface FakeEnvironment {
  readonly name: string
  /** OrganizationId. */
  readonly id: string
  readonly isSandbox: boolean
  /** For `DYNAMICS_URL`. */
  readonly url: string
  readonly users: readonly EnvironmentUser[]
  readonly switches: EnvironmentSwitches
  readonly calls: CallLog
  /** What was made, in order: `table redkey_touchpoint`, `key redkey_touchpoint.redkey_touchkey`. */
  readonly made: readonly string[]
  /** Stored records by the value of the table's key, in lower case. */
  records(tableName: string): ReadonlyMap<string, StoredRecord>
  counts(tableName: string): Readonly<TableCounts>
  user(username: string): EnvironmentUser
  expireAccessTokens(): void
  /** Of the table: `null` takes the key away. */
  setKey(tableName: string, column: string, status: 'Active' | 'Pending' | 'Failed' | null): void
  removeColumn(tableName: string, column: string): void
  restoreColumn(tableName: string, column: string): void
  secureColumn(tableName: string, column: string, isSecured: boolean): void
  /** Takes a privilege of the table away from everybody here, or gives it back. */
  setPrivilege(tableName: string, type: PrivilegeType, isHeld: boolean): void
  /** No such table, as before the solution was installed. */
  setInstalled(tableName: string, isInstalled: boolean): void
  /** A plug-in refuses the chosen records for as long as it is set. */
  rejectRecords(rule: (RowChoice & { readonly message?: string }) | null): void
  /** Each chosen record times out at its next `times` tries. */
  lockRows(rule: (RowChoice & { readonly times: number; readonly rows?: number }) | null): void
  /** Somebody who may not see the chosen records: they are not shared. */
  unshareRecords(rule: RowChoice | null): void
  /** The next batches get no answer: the connection drops, after the records are stored or before. */
  dropAnswers(batches: number, kind: 'after_commit' | 'before_commit'): void
}

/** What the server needs beside that. */
export interface Environment extends FakeEnvironment {
  url: string
  readonly loginUrl: string
  readonly faults: RowFaults
  readonly customizations: Customizations
  addTable(seed: TableSeed): void
  table(name: string): Table | null
  tableOfSet(entitySet: string): Table | null
  tables(): readonly Table[]
  holds(type: PrivilegeType, tableName: string): boolean
  session(accessToken: string): EntraSession | null
  dropsNow(kind: 'after_commit' | 'before_commit'): boolean
}

const MEASURE_TABLES = ['bizible2_bizible_touchpoint', 'bizible2_bizible_attribution_touchpoint']

interface EnvironmentDeps {
  readonly entra: FakeEntra
  readonly clientId: string
}

export function environment(seed: EnvironmentSeed, { entra, clientId }: EnvironmentDeps): Environment {
  const tables = new Map(seedTables().map((one) => [one.name, table(one)]))
  const uninstalled = new Set<string>(seed.hasMeasure === false ? MEASURE_TABLES : [])
  const done = customizations()
  const lacking = new Set<string>()
  const faults = rowFaults()
  const users = seed.usernames.map(
    (username): EnvironmentUser => ({ id: guidOf(`${seed.name} ${username}`), username, state: 'enabled' }),
  )
  let drops: { left: number; kind: 'after_commit' | 'before_commit' } = { left: 0, kind: 'after_commit' }
  const mine: LoginsOf = { clientId }
  for (const name of ['contact', 'lead', 'account', 'opportunity', 'campaign']) seedPeople(known(name), seed.name)

  function known(name: string): Table {
    const found = tables.get(name)
    if (!found) throw new Error(`${seed.name} has no table ${name}`)
    return found
  }

  return {
    name: seed.name,
    id: guidOf(seed.name),
    isSandbox: seed.isSandbox,
    url: '',
    loginUrl: entra.loginUrl,
    users,
    switches: {
      down: false,
      serverError: false,
      limited: null,
      limitedFromPart: null,
      closed: null,
      wantsClaims: false,
      full: false,
      namesHidden: false,
      customizers: true,
      busyCustomizations: 0,
      latencyMs: 0,
    },
    calls: callLog(),
    made: done.made,
    customizations: done,
    addTable: (one) => void tables.set(one.name, table(one)),
    faults,
    table: (name) => (uninstalled.has(name) ? null : (tables.get(name) ?? null)),
    tableOfSet: (set) =>
      [...tables.values()].find(({ seed: { entitySet, name } }) => entitySet === set && !uninstalled.has(name)) ?? null,
    tables: () => [...tables.values()],
    records(name) {
      const { rows, seed: one, keys } = known(name)
      const key = one.keys[0] ?? [...keys.keys()][0] ?? `${name}id`
      return new Map([...rows.values()].map((record) => [String(record.fields[key] ?? record.id).toLowerCase(), record]))
    },
    counts: (name) => known(name).counts,
    user(username) {
      const found = users.find((one) => one.username === username)
      if (!found) throw new Error(`${seed.name} has no user ${username}`)
      return found
    },
    expireAccessTokens: () => entra.expireAccessTokens(mine),
    session(accessToken) {
      const session = entra.session(accessToken)
      return session?.scopes.includes(`${this.url}/user_impersonation`) ? session : null
    },
    setKey(name, column, status) {
      if (status === null) known(name).keys.delete(column)
      else known(name).keys.set(column, status)
    },
    removeColumn: (name, column) => void known(name).missing.add(column),
    restoreColumn: (name, column) => void known(name).missing.delete(column),
    secureColumn(name, column, isSecured) {
      if (isSecured) known(name).secured.add(column)
      else known(name).secured.delete(column)
    },
    setPrivilege(name, type, isHeld) {
      if (isHeld) lacking.delete(`${type} ${name}`)
      else lacking.add(`${type} ${name}`)
    },
    holds: (type, name) => !lacking.has(`${type} ${name}`),
    setInstalled(name, isInstalled) {
      if (isInstalled) uninstalled.delete(name)
      else uninstalled.add(name)
    },
    rejectRecords: faults.reject,
    lockRows: faults.lock,
    unshareRecords: faults.unshare,
    dropAnswers(batches, kind) {
      drops = { left: batches, kind }
    },
    dropsNow(kind) {
      if (drops.left === 0 || drops.kind !== kind) return false
      drops.left -= 1
      return true
    },
  }
}

/** One record of each kind that touchpoints point to; its id stays the same from start to start. */
function seedPeople(one: Table, environmentName: string): void {
  const id = guidOf(`${environmentName} ${one.seed.name} 1`)
  const at = new Date(0)
  one.put({ id, fields: {}, createdAt: at, updatedAt: at, created: 1, updated: 0 })
}
