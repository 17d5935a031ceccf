import { type Clock, later } from '../../src/clock.ts'
import type { AccountRef, Asked, Provider, ProviderName, Tokens, Verdict } from '../../src/domain/provider.ts'

/** One user's login at the provider, and what is wrong with it. */
export interface MemoryLogin {
  readonly userId: string
  /** Terminal: the refresh token is gone, and with it every access token. */
  revoked: boolean
  /** Refused without a clear reason. */
  doubtful: boolean
  /** Ends the access tokens that were given out: the next call needs a refresh. */
  endAccess(): void
  /** Only refreshing is refused, with this; access tokens go on working. */
  refreshRefusal: Verdict | null
  /** The next refresh is carried out, and its answer lost. */
  loseAnswer: boolean
  /** Accounts that this user may not use any more. */
  readonly lostAccounts: Set<string>
}

export interface MemoryOptions {
  readonly name: ProviderName
  readonly provesLogins?: boolean
  readonly dailyCalls?: number
  /** How long access tokens live; null: until they are ended. */
  readonly accessMs?: number | null
  /** Every refresh gives a new refresh token, and an old one ends the login. */
  readonly rotates?: boolean
}

/** A provider in the process, at its port, with users whose logins can go wrong. */
export interface MemoryProvider {
  readonly provider: Provider
  of(userId: string): MemoryLogin
  logIn(userId: string, endsAt?: Date | null): Tokens
  /** What every call gets while it is set. */
  everybody: Verdict | null
  /** `reused`: refresh tokens that were shown again although the answer to them had come. */
  readonly calls: { refresh: number; account: number; login: number; reused: number }
  /** Told whenever a login is refused. */
  onRefusal(see: (userId: string) => void): void
}

export const DOWN: Verdict = { kind: 'transient', retryAfterMs: null, code: '503', explanation: 'Service Unavailable' }
export const DEAD: Verdict = {
  kind: 'authorization_required',
  cause: 'revoked',
  certain: true,
  code: 'invalid_grant',
  explanation: 'The login was revoked.',
}
const DOUBT: Verdict = { ...DEAD, certain: false, code: 'unknown_refusal', explanation: 'The login is refused.' }
const STALE: Verdict = { kind: 'refresh', code: 'token_expired', explanation: 'The access token has expired.' }
const NO_ACCESS: Verdict = {
  kind: 'permission',
  cause: 'access_lost',
  code: 'no_access',
  explanation: 'The user has no access to this account.',
}

interface Kept extends MemoryLogin {
  access: string
  accessUntil: Date | null
  refreshToken: string
  /** The client can't know its newest refresh token. */
  isLost: boolean
  endsAt: Date | null
}

export function memoryProvider(clock: Clock, options: MemoryOptions): MemoryProvider {
  const logins = new Map<string, Kept>()
  const calls = { refresh: 0, account: 0, login: 0, reused: 0 }
  let made = 0
  let see: (userId: string) => void = () => undefined

  function of(userId: string): Kept {
    const known = logins.get(userId)
    if (known) return known
    const login: Kept = {
      userId,
      revoked: false,
      doubtful: false,
      endAccess: () => {
        login.access = ''
      },
      refreshRefusal: null,
      loseAnswer: false,
      lostAccounts: new Set(),
      access: '',
      accessUntil: null,
      refreshToken: '',
      isLost: false,
      endsAt: null,
    }
    logins.set(userId, login)
    return login
  }

  /** Tokens name their user: `<user> <number>`. */
  function give(login: Kept): Tokens {
    login.access = `${login.userId} ${++made}`
    const { accessMs = null } = options
    login.accessUntil = accessMs === null ? null : later(clock.now(), accessMs)
    if (options.rotates || login.refreshToken === '') login.refreshToken = `${login.userId} refresh-${made}`
    return {
      accessToken: login.access,
      refreshToken: login.refreshToken,
      apiOrigin: 'https://api.provider.example',
      identityUrl: null,
      scopes: [],
      accessExpiresAt: null,
      refreshExpiresAt: login.endsAt,
    }
  }

  const loginOf = (token: string | null): Kept => of(String(token).split(' ')[0] ?? '')

  function mayCall({ accessToken }: Tokens): Verdict | null {
    const login = loginOf(accessToken)
    const provider = api.everybody
    if (provider) return provider
    if (login.access !== accessToken) return STALE
    return login.accessUntil !== null && login.accessUntil <= clock.now() ? STALE : null
  }

  async function refresh(tokens: Tokens): Promise<Asked<Tokens>> {
    calls.refresh++
    const login = loginOf(tokens.refreshToken)
    if (api.everybody) return api.everybody
    const isOver = login.endsAt !== null && login.endsAt <= clock.now()
    if (tokens.refreshToken !== login.refreshToken) {
      if (!login.isLost && !login.revoked) calls.reused++
      login.revoked = true
    }
    if (login.revoked || isOver || login.doubtful) {
      see(login.userId)
      return login.doubtful ? DOUBT : DEAD
    }
    if (login.refreshRefusal) return login.refreshRefusal
    const fresh = give(login)
    if (!login.loseAnswer) return { kind: 'ok', value: fresh }
    login.loseAnswer = false
    login.isLost = true
    return { kind: 'transient', retryAfterMs: null, code: 'reset', explanation: 'The answer was lost.' }
  }

  const provider: Provider = {
    name: options.name,
    kind: 'ads',
    label: options.name === 'google-ads' ? 'Google Ads' : options.name,
    client: { id: 'client', tokenOrigin: 'https://login.provider.example' },
    endsBecause: 'Logins of this provider last a year.',
    authorizationUrl: ({ loginHint }) => `https://login.provider.example/authorize?login_hint=${loginHint ?? ''}`,
    readCallback: () => ({ kind: 'cancelled' }),
    exchangeCode: async () => DOWN,
    refresh,
    missingScopes: () => [],
    identify: async () => DOWN,
    async probe(tokens: Tokens, account: AccountRef) {
      calls.account++
      const refused = mayCall(tokens)
      if (refused) return refused
      return loginOf(tokens.accessToken).lostAccounts.has(account.id) ? NO_ACCESS : { kind: 'ok', value: null }
    },
    ...(options.provesLogins && {
      async probeLogin(tokens: Tokens): Promise<Asked<null>> {
        calls.login++
        return mayCall(tokens) ?? { kind: 'ok', value: null }
      },
    }),
    ...(options.dailyCalls !== undefined && { dailyCalls: options.dailyCalls }),
  }

  const api: MemoryProvider = {
    provider,
    of,
    logIn(userId, endsAt = null) {
      const login = of(userId)
      Object.assign(login, { revoked: false, doubtful: false, refreshRefusal: null, refreshToken: '', isLost: false, endsAt })
      return give(login)
    },
    everybody: null,
    calls,
    onRefusal(next) {
      see = next
    },
  }
  return api
}
