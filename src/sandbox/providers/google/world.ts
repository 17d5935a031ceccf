import type { CallLog } from '../call-log.ts'
import type { Grant, OAuthServer } from '../oauth-server.ts'
import type { AdsAccount } from './ads-account.ts'
import type { ApiFault, TokenFault } from './answers.ts'
import type { CmWorld } from './cm360-world.ts'

export interface Person {
  /** `sub`: of the Google account, for ever. */
  readonly sub: string
  readonly email: string
  readonly name: string
  readonly company: string
  isActive: boolean
}

export interface AdsCustomer {
  readonly id: string
  readonly name: string
  readonly isManager: boolean
  readonly isTest: boolean
  status: 'ENABLED' | 'SUSPENDED' | 'CANCELED' | 'CLOSED'
  /** The manager account over it. */
  managerId: string | null
  /** E-mail addresses of those who were given access to it itself. */
  readonly people: Set<string>
}

export interface Profile {
  readonly profileId: string
  readonly email: string
  readonly accountId: string
  readonly accountName: string
  readonly subAccountId: string | null
  readonly subAccountName: string | null
  isActive: boolean
  maySeeReports: boolean
  /** Which advertisers a profile sees is a setting of its own; without any it gets empty answers. */
  seesAdvertisers: boolean
  mayEditAdvertisers: boolean
}

/** What is broken now; set it as you like. */
export interface GoogleSwitches {
  /** Every request to the token endpoint gets it. */
  tokenFault: TokenFault | null
  /** 502 with an HTML page from the login host. */
  loginDown: boolean
  /** The publishing status of the app: logins end after seven days. */
  isTesting: boolean
  /** The audience of the app is its own organization, to which nobody here belongs. */
  isInternal: boolean
  adsFault: ApiFault | null
  cm360Fault: ApiFault | null
  /** Both APIs answer 502 with an HTML page. */
  apisDown: boolean
  /** Rows in one page of `googleAds:search`. */
  pageRows: number
  /** Operations that the project's access level allows in a day. Explorer access: 2,880. */
  dailyOperations: number
}

export interface GoogleWorld {
  readonly appName: string
  readonly clientId: string
  clientSecret: string
  readonly redirectUris: readonly string[]
  readonly people: readonly Person[]
  readonly customers: AdsCustomer[]
  /** Campaigns and ads of each customer, by id. */
  readonly adsAccounts: ReadonlyMap<string, AdsAccount>
  readonly profiles: Profile[]
  /** Accounts and reports of Campaign Manager 360. */
  readonly cm: CmWorld
  readonly switches: GoogleSwitches
  readonly oauth: OAuthServer
  readonly calls: CallLog
  /** Operations of the Google Ads API on this day. */
  readonly operations: { day: string; used: number }
  now(): Date
  personOf(grant: Grant): Person
}

const DAY_MS = 86_400_000
const TESTING_LIFE_MS = 7 * DAY_MS

/** Null: it has no known end. */
export function refreshTokenEnds({ switches }: GoogleWorld, grant: Grant): number | null {
  return switches.isTesting ? grant.approvedAt.getTime() + TESTING_LIFE_MS : null
}

export function newPeople(): Person[] {
  const person = (sub: string, email: string, name: string, company: string) => ({ sub, email, name, company, isActive: true })
  return [
    person('110248495921238986420', 'ana@acme.example', 'Ana Ruiz', 'Acme Inc'),
    person('110248495921238986421', 'tom@acme.example', 'Tom Okafor', 'Acme Inc'),
    person('110248495921238986422', 'kim@northwind.example', 'Kim Larsen', 'Northwind Agency'),
  ]
}

/** Northwind manages Acme US, and Acme EU through a manager account of its own; Ana and Tom were given some accounts directly. */
export function newCustomers(): AdsCustomer[] {
  const customer = (id: string, name: string, managerId: string | null, ...people: string[]): AdsCustomer => ({
    id,
    name,
    isManager: name.endsWith('(manager)'),
    isTest: name.endsWith('Test'),
    status: 'ENABLED',
    managerId,
    people: new Set(people),
  })
  return [
    customer('1000000001', 'Northwind (manager)', null, 'kim@northwind.example'),
    customer('1000000002', 'Northwind Europe (manager)', '1000000001'),
    customer('1234567890', 'Acme US', '1000000001', 'ana@acme.example', 'tom@acme.example'),
    customer('2345678901', 'Acme EU', '1000000002', 'ana@acme.example'),
    customer('3456789012', 'Acme Test', '1000000001'),
    customer('4567890123', 'Tailspin Toys', '1000000002'),
  ]
}

export function newProfiles(): Profile[] {
  const profile = (profileId: string, email: string, accountId: string, accountName: string, part: string | null = null) => ({
    profileId,
    email,
    accountId,
    accountName,
    subAccountId: part === null ? null : '55',
    subAccountName: part,
    isActive: true,
    maySeeReports: true,
    seesAdvertisers: true,
    mayEditAdvertisers: true,
  })
  return [
    profile('7001', 'ana@acme.example', '9001', 'Acme Media'),
    profile('7002', 'tom@acme.example', '9001', 'Acme Media'),
    profile('7003', 'ana@acme.example', '9002', 'Acme Labs', 'EMEA'),
    profile('7004', 'kim@northwind.example', '9003', 'Northwind Media'),
  ]
}
