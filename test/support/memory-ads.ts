import type { Account, Asked, Provider, Providers, Tokens, Verdict } from '../../src/domain/provider.ts'
import { aVisitor, type Seen, type Visitor } from './visitor.ts'

/** An ad platform in memory, whose logins reach several accounts. Its login page is the address itself: see `login`. */
export interface MemoryAds {
  readonly providers: Providers
  /** What each user reaches, by account id; changed by tests as they like. */
  readonly users: Map<string, string[]>
  /** Ends every login of this user. */
  revoke(user: string): void
  /** Answers reads of this account with a refusal; null: no more. */
  refuse(accountId: string, verdict: Verdict | null): void
  /** Logs in as this user, from one of our links on. */
  login(link: string, user: string, visitor?: Visitor): Promise<Seen>
  /** Account ids in the order in which they were read; emptied by asking. */
  reads(): string[]
  /** Times that a login's accounts were listed. */
  lists(): number
}

/** Scopes that a code may leave out: a code is `<user>` or `<user>-narrow`. */
const SCOPE = 'https://www.googleapis.com/auth/adwords'

export function memoryAds(users: Readonly<Record<string, readonly string[]>>): MemoryAds {
  const reach = new Map(Object.entries(users).map(([user, ids]) => [user, [...ids]]))
  const living = new Map<string, string>()
  const refusals = new Map<string, Verdict>()
  let reads: string[] = []
  let lists = 0
  let logins = 0

  const account = (id: string): Account => ({ id, via: `via-${id}`, name: `Account ${id}`, environment: 'production' })

  /** The user behind an access token that still works. */
  function ask<T>(tokens: Tokens, answer: (user: string) => Asked<T>): Asked<T> {
    const user = living.get(tokens.accessToken)
    return user === undefined ? DEAD : answer(user)
  }

  const provider: Provider = {
    name: 'google-ads',
    kind: 'ads',
    label: 'Google Ads',
    client: { id: 'app', tokenOrigin: 'https://ads.example' },
    endsBecause: null,
    authorizationUrl: ({ state, redirectUri }) =>
      `https://ads.example/login?${new URLSearchParams({ state, redirect_uri: redirectUri })}`,
    readCallback: () => ({ kind: 'cancelled' }),
    async exchangeCode({ code }) {
      const [user = '', narrow] = code.split('-')
      const accessToken = `${user}-${++logins}`
      living.set(accessToken, user)
      const scopes = narrow === undefined ? [SCOPE] : []
      return { kind: 'ok', value: { ...NO_TOKENS, accessToken, refreshToken: accessToken, scopes } }
    },
    refresh: async () => DEAD,
    missingScopes: ({ scopes }) => [SCOPE].filter((scope) => !scopes.includes(scope)),
    identify: async (tokens) =>
      ask(tokens, (user) => {
        lists++
        return {
          kind: 'ok',
          value: { userId: `id-${user}`, username: `${user}@acme.example`, accounts: (reach.get(user) ?? []).map(account) },
        }
      }),
    probe: async (tokens, { id }) =>
      ask(tokens, (user) => {
        reads.push(id)
        const refusal = refusals.get(id)
        if (refusal) return refusal
        return reach.get(user)?.includes(id) ? { kind: 'ok', value: null } : LOST
      }),
  }

  return {
    providers: {
      get: (name) => (name === provider.name ? provider : undefined),
      of: (name) => (name === provider.name ? provider : undefined),
      all: () => [provider],
      own: () => [],
      learn: () => false,
      listener: () => undefined,
    },
    users: reach,
    revoke(user) {
      for (const [token, whose] of living) if (whose === user) living.delete(token)
    },
    refuse(accountId, verdict) {
      if (verdict) refusals.set(accountId, verdict)
      else refusals.delete(accountId)
    },
    async login(link, user, visitor = aVisitor()) {
      const post = link.includes('/connect/')
      const page = new URL(await visitor.depart(link, post ? 'POST' : 'GET'))
      const { state, redirect_uri: back = '' } = Object.fromEntries(page.searchParams)
      return visitor.arrive(`${back}?${new URLSearchParams({ state: state ?? '', code: user })}`)
    },
    reads() {
      const seen = reads
      reads = []
      return seen
    },
    lists: () => lists,
  }
}

const NO_TOKENS = { apiOrigin: 'https://ads.example', identityUrl: null, accessExpiresAt: null, refreshExpiresAt: null }

const DEAD: Verdict = {
  kind: 'authorization_required',
  cause: 'revoked',
  certain: true,
  code: 'invalid_grant',
  explanation: 'The login was revoked.',
}

const LOST: Verdict = {
  kind: 'permission',
  cause: 'access_lost',
  code: 'no_access',
  explanation: 'The user can not use this account.',
}
