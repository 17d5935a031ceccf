import { type CallLog, callLog } from '../call-log.ts'
import type { Grant, OAuthServer } from '../oauth-server.ts'
import { type CustomObject, customObjects, isNamed, type Property } from './objects.ts'

export interface PortalSeed {
  readonly hubId: number
  readonly domain: string
  readonly accountType: 'STANDARD' | 'SANDBOX' | 'DEVELOPER_TEST'
  readonly users: readonly { readonly email: string; readonly name: string }[]
}

export interface PortalUser {
  readonly id: number
  readonly email: string
  readonly name: string
  isActive: boolean
  /** Only a super admin, or who was given the right, may connect apps. */
  mayConnectApps: boolean
}

export interface StoredRecord {
  readonly id: string
  readonly properties: Readonly<Record<string, string>>
  readonly updates: number
}

/** Read at each call; set them as you like. */
interface PortalSwitches {
  /** 502 with a page. */
  down: boolean
  /** 500 with JSON. */
  serverError: boolean
  /** 423: locks of two seconds. */
  locked: boolean
  /** 429: too many calls in ten seconds. */
  tooManyCalls: boolean
  /** 429: the calls of the day are used up. */
  dayUsedUp: boolean
  /** 477: moves to another data center. */
  migrating: boolean
  /** The plan has no custom objects (any more): 403 MISSING_SCOPES, whatever was granted. */
  noCustomObjects: boolean
  /** 403: the user who connected the app has lost a right. */
  userMayNot: boolean
  /** 403 with a page of a firewall, which means nothing. */
  firewall: boolean
  /** The account details may not be read by apps. */
  hidesDetails: boolean
  /** Batches with errors come under 200 instead of 207, as the 2026-09 version declares. */
  errorsUnder200: boolean
  /** Errors of a batch do not name the record that they are about. */
  strayErrors: boolean
  /** Apps get headers of a daily limit too. */
  tellsDailyLimit: boolean
  /** The user may not make objects and properties. */
  mayNotDefine: boolean
  /** The account has as many custom objects as its plan allows. */
  objectsUsedUp: boolean
}

type RecordFault = 'rejected' | 'locked'

/** One HubSpot account as tests and the panel see it. */
export interface FakePortal {
  readonly hubId: number
  readonly domain: string
  readonly accountType: PortalSeed['accountType']
  readonly users: readonly PortalUser[]
  readonly switches: PortalSwitches
  readonly calls: CallLog
  readonly dailyUsage: { used: number; limit: number }
  user(email: string): PortalUser
  grants(): readonly Grant[]
  /** All tokens die. Returns whose they were. */
  uninstall(): readonly string[]
  /** The account is gone: a refresh is told so. */
  remove(): void
  readonly isRemoved: boolean
  expireAccessTokens(): number
  /** Stored records by external id, in lower case. */
  records(): ReadonlyMap<string, StoredRecord>
  /** Properties that are not named stay. */
  store(externalId: string, properties: Readonly<Record<string, string>>): StoredRecord
  /** What the given records meet until it is set again; null: nothing. `times`: of locks. */
  setRecordFault(kind: RecordFault, matches: ((id: string) => boolean) | null, times?: number): void
  faultOf(id: string): RecordFault | null
  /** The next writes get no answer: the connection drops, after the records are stored or before. */
  dropAnswers(writes: number, kind: 'after_commit' | 'before_commit'): void
  dropsNow(kind: 'after_commit' | 'before_commit'): boolean
  /** A property that is archived is as if it had never been. */
  archiveProperty(name: string): void
  restoreProperties(): void
  removeObject(name: string): void
  restoreObjects(): void
  /** Instead of one that was removed, where there was one. */
  addObject(object: Omit<CustomObject, 'objectTypeId'>): CustomObject
  addProperties(objectName: string, properties: readonly Property[]): void
  find(asked: string): CustomObject | null
  objects(): readonly CustomObject[]
}

const ALL_OFF: PortalSwitches = {
  down: false,
  serverError: false,
  locked: false,
  tooManyCalls: false,
  dayUsedUp: false,
  migrating: false,
  noCustomObjects: false,
  userMayNot: false,
  firewall: false,
  hidesDetails: false,
  errorsUnder200: false,
  strayErrors: false,
  tellsDailyLimit: false,
  mayNotDefine: false,
  objectsUsedUp: false,
}

/** `number` counts from 1 and makes ids that stay the same from start to start. */
export function portal(seed: PortalSeed, number: number, oauth: OAuthServer): FakePortal {
  const { hubId, domain, accountType } = seed
  const users = seed.users.map((user, place) => ({
    ...user,
    id: number * 1000 + place + 1,
    isActive: true,
    mayConnectApps: true,
  }))
  const records = new Map<string, StoredRecord>()
  const archived = new Set<string>()
  const removed = new Set<string>()
  const tries = new Map<string, number>()
  let faults: { [kind in RecordFault]?: { matches: (id: string) => boolean; times: number } } = {}
  let drops: { left: number; kind: 'after_commit' | 'before_commit' } = { left: 0, kind: 'after_commit' }
  let isRemoved = false
  const isMine = ({ accountId }: Grant) => accountId === String(hubId)
  const objects = [...customObjects()]
  const present = () =>
    objects
      .filter(({ name }) => !removed.has(name))
      .map((object) => ({ ...object, properties: object.properties.filter(({ name }) => !archived.has(name)) }))

  return {
    hubId,
    domain,
    accountType,
    users,
    switches: { ...ALL_OFF },
    calls: callLog(),
    dailyUsage: { used: 0, limit: 250_000 },
    user(email) {
      const found = users.find((one) => one.email === email)
      if (!found) throw new Error(`${domain} has no user ${email}`)
      return found
    },
    grants: () => oauth.grants().filter(isMine),
    uninstall: () => [...new Set(oauth.kill(isMine, 'uninstalled').map(({ username }) => username))],
    remove() {
      isRemoved = true
      oauth.kill(isMine, 'account_removed')
    },
    get isRemoved() {
      return isRemoved
    },
    expireAccessTokens: () => oauth.endSessions(isMine),
    records: () => records,
    store(externalId, properties) {
      const key = externalId.toLowerCase()
      const known = records.get(key)
      const id = known?.id ?? String(5_000_000_000 + records.size)
      const stored = { id, properties: { ...known?.properties, ...properties }, updates: known ? known.updates + 1 : 0 }
      records.set(key, stored)
      return stored
    },
    setRecordFault(kind, matches, times = Number.POSITIVE_INFINITY) {
      tries.clear()
      faults = { ...faults }
      delete faults[kind]
      if (matches) faults[kind] = { matches, times }
    },
    faultOf(id) {
      if (faults.rejected?.matches(id)) return 'rejected'
      const tried = tries.get(id) ?? 0
      if (!faults.locked?.matches(id) || tried >= faults.locked.times) return null
      tries.set(id, tried + 1)
      return 'locked'
    },
    dropAnswers(writes, kind) {
      drops = { left: writes, kind }
    },
    dropsNow(kind) {
      if (drops.left === 0 || drops.kind !== kind) return false
      drops.left -= 1
      return true
    },
    archiveProperty: (name) => void archived.add(name),
    restoreProperties: () => archived.clear(),
    removeObject: (name) => void removed.add(name),
    restoreObjects: () => removed.clear(),
    addObject(added) {
      const object = { ...added, objectTypeId: `2-${3465404 + objects.length}` }
      const old = objects.findIndex(({ name }) => name === added.name)
      if (old === -1) objects.push(object)
      else objects.splice(old, 1, object)
      removed.delete(added.name)
      return object
    },
    addProperties(objectName, properties) {
      const names = properties.map(({ name }) => name)
      for (const name of names) archived.delete(name)
      const object = objects.find(({ name }) => name === objectName)
      const kept = object?.properties.filter(({ name }) => !names.includes(name)) ?? []
      object?.properties.splice(0, Number.POSITIVE_INFINITY, ...kept, ...properties)
    },
    find: (asked) => present().find((object) => isNamed(object, asked, hubId)) ?? null,
    objects: present,
  }
}
