import { type CallLog, callLog } from '../call-log.ts'
import type { Grant, OAuthServer } from '../oauth-server.ts'
import { type BulkJobs, bulkJobs, type FakeBulk } from './bulk-jobs.ts'
import type { ObjectAccess } from './describe.ts'
import { type Gate, gate } from './gate.ts'
import { recordId, withChecksum } from './ids.ts'
import { type Field, seedObjects } from './objects.ts'
import { type LockRule, type RejectRule, type RowFaults, rowFaults } from './row-faults.ts'
import { type FakeSetup, type Setup, setupState } from './setup-state.ts'
import { type StoredRecord, type Table, type TableCounts, table } from './table.ts'

interface UserSeed {
  readonly username: string
  readonly firstName: string
  readonly lastName: string
  /** Default: the username. */
  readonly email?: string
}

export interface OrgSeed {
  readonly name: string
  readonly isSandbox: boolean
  readonly organizationType?: string
  readonly users: readonly UserSeed[]
  /** Calls a day. Default 100,000. */
  readonly apiLimit?: number
  /** How external ids are compared. Default false, as in the Marketo Measure package. */
  readonly externalIdsCaseSensitive?: boolean
  /** Default true: Marketo Measure is installed. */
  readonly hasPackage?: boolean
}

export interface OrgUser {
  readonly id: string
  readonly username: string
  readonly firstName: string
  readonly lastName: string
  readonly email: string
  password: string
  isActive: boolean
}

/** All but the first are an administrator's doing; each is told in its own words at the login. */
export type AppAccess =
  | 'allowed'
  | 'blocked'
  | 'not_installed'
  | 'must_be_installed'
  | 'no_external_app'
  | 'not_approved'
  | 'access_denied'

/** Read at each call; set them as you like. */
interface OrgSwitches {
  /** 503 with an HTML body, from the org and for its logins. */
  down: boolean
  /** 500 UNKNOWN_EXCEPTION on every API call. */
  serverError: boolean
  /** 403 REQUEST_LIMIT_EXCEEDED on every API call. */
  rateLimited: boolean
  /** 403 API_DISABLED_FOR_ORG on every API call. */
  apiDisabled: boolean
  /** Logins and refreshes are refused with `ip restricted`. */
  ipRestricted: boolean
  appAccess: AppAccess
  /** Added to every answer of the org. */
  latencyMs: number
}

/** One org as tests and the panel see it. Whatever ends sessions is noticed at the next call. */
export interface FakeOrg {
  readonly name: string
  /** 18 characters. */
  readonly id: string
  readonly isSandbox: boolean
  readonly organizationType: string
  readonly instanceUrl: string
  readonly users: readonly OrgUser[]
  readonly switches: OrgSwitches
  readonly calls: CallLog
  readonly bulk: FakeBulk
  readonly setup: FakeSetup
  /** Calls of the day, as `Sforce-Limit-Info` tells them; may be set. At the limit, calls are refused. */
  readonly apiUsage: { used: number; limit: number }
  /** Stored records by external id, in the form in which ids are compared (lower case, or as sent). */
  records(object: string): ReadonlyMap<string, StoredRecord>
  counts(object: string): Readonly<TableCounts>
  grants(): readonly Grant[]
  user(username: string): OrgUser
  /** All refresh and access tokens of the user, or of everybody, die. Returns the usernames that had any. */
  revokeGrant(username?: string): readonly string[]
  expireAccessTokens(username?: string): number
  /** The grants die. Without a new password the login page goes on offering one that fits. */
  changePassword(username: string, password?: string): void
  setUserActive(username: string, isActive: boolean): void
  /** A blocked app, or one that only approved users may use, loses its sessions too. */
  setAppAccess(access: AppAccess): void
  setIpRestricted(isRestricted: boolean): void
  rejectRecords(rule: RejectRule | null): void
  lockRows(rule: LockRule | null): void
  hideField(object: string, field: string): void
  showField(object: string, field: string): void
  setObjectAccess(object: string, access: ObjectAccess): void
  removeField(object: string, field: string): void
  changeField(object: string, field: string, to: Partial<Field>): void
  /** An admin makes an object by its metadata, and lets everybody write it. */
  install(objectXml: string, object: string): void
  /** The next writes get no answer: the connection drops, after the records are stored or before. */
  dropAnswers(writes: number, kind: 'after_commit' | 'before_commit'): void
  /** Holds every API call until the returned function is called: to act while a call is under way. */
  hold(): () => void
}

/** What the servers need beside that. */
export interface Org extends FakeOrg {
  instanceUrl: string
  readonly gate: Gate
  readonly rowFaults: RowFaults
  readonly bulk: BulkJobs
  readonly setup: Setup
  table(object: string): Table | null
  tables(): readonly Table[]
  /** Asked once before and once after each write; counts the write when it is dropped. */
  dropsNow(kind: 'after_commit' | 'before_commit'): boolean
}

/** What the login page is prefilled with. */
export const DEFAULT_PASSWORD = 'sandbox'

/** `number` counts from 1 and makes ids that stay the same from start to start. */
export function org(seed: OrgSeed, number: number, oauth: OAuthServer): Org {
  const id = withChecksum(`00D5g00000Acme${number}`)
  const users = seed.users.map((user, place) => orgUser(user, number * 100 + place))
  const tables = new Map(
    seedObjects(seed.externalIdsCaseSensitive ?? false, seed.hasPackage ?? true).map((one) => [one.name, table(one)]),
  )
  const setup = setupState(tables)
  const faults = rowFaults()
  const wait = gate()
  let drops: { left: number; kind: 'after_commit' | 'before_commit' } = { left: 0, kind: 'after_commit' }
  const switches: OrgSwitches = {
    down: false,
    serverError: false,
    rateLimited: false,
    apiDisabled: false,
    ipRestricted: false,
    appAccess: 'allowed',
    latencyMs: 0,
  }
  const mine = (username?: string) => (grant: Grant) => grant.accountId === id && (!username || grant.username === username)

  return {
    name: seed.name,
    id,
    isSandbox: seed.isSandbox,
    organizationType: seed.organizationType ?? 'Enterprise Edition',
    instanceUrl: '',
    users,
    switches,
    calls: callLog(),
    bulk: bulkJobs(),
    setup,
    apiUsage: { used: 0, limit: seed.apiLimit ?? 100_000 },
    gate: wait,
    rowFaults: faults,
    table: (object) => tables.get(object) ?? null,
    tables: () => [...tables.values()],
    records: (object) => known(object).rows,
    counts: (object) => known(object).counts,
    grants: () => oauth.grants().filter(mine()),
    user,
    revokeGrant: (username) => [...new Set(oauth.kill(mine(username), 'revoked').map((grant) => grant.username))],
    expireAccessTokens: (username) => oauth.endSessions(mine(username)),
    changePassword(username, password = DEFAULT_PASSWORD) {
      user(username).password = password
      oauth.kill(mine(username), 'password_changed')
    },
    setUserActive(username, isActive) {
      user(username).isActive = isActive
      if (!isActive) oauth.endSessions(mine(username))
    },
    setAppAccess(access) {
      switches.appAccess = access
      if (access === 'blocked' || access === 'not_approved') oauth.endSessions(mine())
    },
    setIpRestricted(isRestricted) {
      switches.ipRestricted = isRestricted
      if (isRestricted) oauth.endSessions(mine())
    },
    rejectRecords: faults.reject,
    lockRows: faults.lock,
    hideField: (object, field) => known(object).hide(field),
    showField: (object, field) => known(object).show(field),
    removeField(object, field) {
      known(object).remove(field)
      setup.forget(`${object}.${field}`)
    },
    changeField: (object, field, to) => known(object).change(field, to),
    install: (xml, object) => setup.install(object, xml),
    setObjectAccess(object, access) {
      known(object).access = access
    },
    dropAnswers(writes, kind) {
      drops = { left: writes, kind }
    },
    dropsNow(kind) {
      if (drops.left === 0 || drops.kind !== kind) return false
      drops.left -= 1
      return true
    },
    hold: wait.hold,
  }

  function known(object: string): Table {
    const found = tables.get(object)
    if (!found) throw new Error(`${seed.name} has no object ${object}`)
    return found
  }

  function user(username: string): OrgUser {
    const found = users.find((one) => one.username === username)
    if (!found) throw new Error(`${seed.name} has no user ${username}`)
    return found
  }
}

function orgUser(seed: UserSeed, number: number): OrgUser {
  return { ...seed, email: seed.email ?? seed.username, id: recordId('005', number), password: DEFAULT_PASSWORD, isActive: true }
}
