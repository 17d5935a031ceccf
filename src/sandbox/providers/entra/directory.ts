import { type OAuthServer, oauthServer, randomToken } from '../oauth-server.ts'
import { type EntraRefusalName, saidOf } from './answers.ts'

export interface EntraPerson {
  /** Object id of the directory. */
  readonly id: string
  readonly username: string
  readonly displayName: string
  password: string
  /** What an administrator has done to this person; logins and refreshes are refused with it. */
  blockedBy: EntraRefusalName | null
}

export interface EntraOrganization {
  readonly name: string
  readonly tenantId: string
  readonly people: readonly EntraPerson[]
}

export interface EntraAppSeed {
  readonly clientId: string
  readonly clientSecret: string
  /** Compared exactly. */
  readonly redirectUris: readonly string[]
  /** What the app may ask for, and what the consent page says of it. */
  readonly scopes: Readonly<Record<string, string>>
}

export interface EntraApp extends Omit<EntraAppSeed, 'clientSecret'> {
  clientSecret: string
  /** What is wrong with the app registration; everything of it is refused with it. */
  refusedWith: EntraRefusalName | null
}

/** Read at each call; set them as you like. */
export interface EntraSwitches {
  /** A page of HTML with 503. */
  down: boolean
  /** `AADSTS90033`. */
  transient: boolean
  /** `AADSTS90055` with `Retry-After`. */
  throttled: boolean
}

const MINUTE_MS = 60_000
/** https://learn.microsoft.com/entra/identity-platform/access-tokens#token-lifetime (2026-11): 60 to 90 minutes. */
export const ACCESS_LIFE_MS = 60 * MINUTE_MS

/** What the pages and the token endpoint share. */
export interface Directory {
  readonly appName: string
  readonly organizations: readonly EntraOrganization[]
  readonly apps: Map<string, EntraApp>
  readonly oauth: OAuthServer
  readonly switches: EntraSwitches
  now(): Date
}

interface DirectoryOptions {
  /** What the consent page calls the app. Default `Redkey`. */
  readonly appName?: string
  readonly now?: () => Date
}

export const DEFAULT_PASSWORD = 'redkey-sandbox'

export function theDirectory({ appName = 'Redkey', now = () => new Date() }: DirectoryOptions): Directory {
  const oauth = oauthServer({
    now,
    codeLifeMs: 10 * MINUTE_MS,
    sessionLifeMs: ACCESS_LIFE_MS,
    maxGrantsPerUser: Number.POSITIVE_INFINITY,
    rotates: () => false,
    wantsRefreshToken: (scopes) => scopes.includes('offline_access'),
    mint: {
      code: () => `1.AXEA${randomToken(60)}`,
      accessToken: () => `eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.${randomToken(60)}.${randomToken(40)}`,
      refreshToken: () => randomToken(32),
    },
  })
  return {
    appName,
    organizations: [
      organization('Acme Inc', '11111111-1111-4111-8111-111111111111', [
        ['Ana Ruiz', 'ana@acme.example'],
        ['Tom Okafor', 'tom@acme.example'],
      ]),
      organization('Northwind Agency', '22222222-2222-4222-8222-222222222222', [['Mia Lind', 'mia@northwind.example']]),
    ],
    apps: new Map(),
    oauth,
    switches: { down: false, transient: false, throttled: false },
    now,
  }
}

function organization(name: string, tenantId: string, people: readonly (readonly [string, string])[]): EntraOrganization {
  return {
    name,
    tenantId,
    people: people.map(([displayName, username], place) => ({
      id: `${tenantId.slice(0, 24)}${String(place + 1).padStart(12, '0')}`,
      username,
      displayName,
      password: DEFAULT_PASSWORD,
      blockedBy: null,
    })),
  }
}

/** For the redirect that ends a login, and for Entra's own error page. */
export function refusalOf(name: EntraRefusalName, { now }: Directory): Readonly<Record<string, string>> {
  return { ...saidOf(name, now()) }
}
