import { createHash, randomBytes } from 'node:crypto'

/** One approval of the app by one user of one account; all tokens of it live and die together. */
export interface Grant {
  readonly id: string
  /** The provider's account: an org, a portal, an ad account. */
  readonly accountId: string
  readonly username: string
  readonly clientId: string
  readonly scopes: readonly string[]
  readonly approvedAt: Date
  /** Null while it lives; otherwise a word of the provider's fake that says why not. */
  deadBecause: string | null
  /** The only refresh token that is good now; null when none was asked for. */
  refreshToken: string | null
}

export interface Session {
  readonly grant: Grant
  readonly startedAt: Date
  expiresAtMs: number
}

interface CodeRequest {
  readonly accountId: string
  readonly username: string
  readonly clientId: string
  readonly redirectUri: string
  readonly scopes: readonly string[]
  /** S256 challenge; null when the client uses none. */
  readonly codeChallenge: string | null
}

export type Granted = { kind: 'granted'; grant: Grant; accessToken: string; refreshToken: string | null }
type CodeRefusal = 'unknown_code' | 'expired_code' | 'used_code' | 'wrong_client' | 'wrong_redirect_uri' | 'wrong_verifier'
type RefreshRefusal = 'unknown_token' | 'dead_grant' | 'replayed_token' | 'wrong_client'

export interface OAuthServerOptions {
  readonly now: () => Date
  readonly codeLifeMs: number
  readonly sessionLifeMs: number
  /** A further approval of the same user and app kills the oldest. */
  readonly maxGrantsPerUser: number
  /** Read at each refresh: a new refresh token each time, and a replayed one kills the grant. */
  readonly rotates: () => boolean
  readonly wantsRefreshToken: (scopes: readonly string[]) => boolean
  readonly mint: { code(): string; accessToken(grant: Grant): string; refreshToken(): string }
}

/** Codes, tokens, PKCE and rotation of any provider, in memory. How refusals are worded is the provider's own. */
export interface OAuthServer {
  issueCode(request: CodeRequest): string
  redeemCode(args: {
    code: string
    clientId: string
    redirectUri: string
    codeVerifier: string | null
  }): Granted | { kind: 'refused'; reason: CodeRefusal }
  refresh(args: {
    refreshToken: string
    clientId: string
  }): Granted | { kind: 'refused'; reason: RefreshRefusal; grant: Grant | null }
  /** The live session of an access token; using it past half of its life renews it. */
  session(accessToken: string): Session | null
  /** Whose refresh token this is or was. */
  grantOfRefreshToken(refreshToken: string): Grant | null
  /** What OAuth calls revocation: a refresh token takes its grant along, an access token only itself. */
  revoke(token: string): boolean
  kill(which: (grant: Grant) => boolean, because: string): readonly Grant[]
  /** Ends access tokens only; refresh tokens stay. Returns how many. */
  endSessions(which: (grant: Grant) => boolean): number
  grants(): readonly Grant[]
}

interface Code extends CodeRequest {
  readonly expiresAtMs: number
  used: boolean
}

export function oauthServer(options: OAuthServerOptions): OAuthServer {
  const { now, mint } = options
  const codes = new Map<string, Code>()
  const sessions = new Map<string, Session>()
  const refreshTokens = new Map<string, Grant>()
  let grants: Grant[] = []
  let grantCount = 0

  return {
    issueCode(request) {
      const code = mint.code()
      codes.set(code, { ...request, expiresAtMs: now().getTime() + options.codeLifeMs, used: false })
      return code
    },
    redeemCode({ code, clientId, redirectUri, codeVerifier }) {
      const found = codes.get(code)
      const reason = codeRefusal(found, { clientId, redirectUri, codeVerifier }, now().getTime())
      if (!found || reason) return { kind: 'refused', reason: reason ?? 'unknown_code' }
      found.used = true
      return granted(approve(found))
    },
    refresh({ refreshToken, clientId }) {
      const grant = refreshTokens.get(refreshToken)
      if (!grant) return { kind: 'refused', reason: 'unknown_token', grant: null }
      if (grant.clientId !== clientId) return { kind: 'refused', reason: 'wrong_client', grant }
      if (grant.deadBecause) return { kind: 'refused', reason: 'dead_grant', grant }
      if (grant.refreshToken !== refreshToken) {
        kill((one) => one === grant, 'replayed')
        return { kind: 'refused', reason: 'replayed_token', grant }
      }
      if (!options.rotates()) return { ...granted(grant), refreshToken: null }
      newRefreshToken(grant)
      return granted(grant)
    },
    session(accessToken) {
      const session = sessions.get(accessToken)
      if (!session) return null
      const nowMs = now().getTime()
      const leftMs = session.expiresAtMs - nowMs
      if (leftMs <= 0) {
        sessions.delete(accessToken)
        return null
      }
      if (leftMs < options.sessionLifeMs / 2) session.expiresAtMs = nowMs + options.sessionLifeMs
      return session
    },
    grantOfRefreshToken: (refreshToken) => refreshTokens.get(refreshToken) ?? null,
    revoke(token) {
      const grant = refreshTokens.get(token)
      if (!grant) return sessions.delete(token)
      if (grant.deadBecause) return false
      kill((one) => one === grant, 'revoked')
      return true
    },
    kill,
    endSessions,
    grants: () => grants,
  }

  function approve(request: CodeRequest): Grant {
    const mine = grants.filter(
      (one) => !one.deadBecause && one.username === request.username && one.clientId === request.clientId,
    )
    const oldest = mine[0]
    if (oldest && mine.length >= options.maxGrantsPerUser) kill((one) => one === oldest, 'too_many_approvals')
    grantCount += 1
    const { accountId, username, clientId, scopes } = request
    const grant: Grant = {
      id: `grant-${grantCount}`,
      accountId,
      username,
      clientId,
      scopes,
      approvedAt: now(),
      deadBecause: null,
      refreshToken: null,
    }
    grants = [...grants, grant]
    if (options.wantsRefreshToken(scopes)) newRefreshToken(grant)
    return grant
  }

  function granted(grant: Grant): Granted {
    const accessToken = mint.accessToken(grant)
    const startedAt = now()
    sessions.set(accessToken, { grant, startedAt, expiresAtMs: startedAt.getTime() + options.sessionLifeMs })
    return { kind: 'granted', grant, accessToken, refreshToken: grant.refreshToken }
  }

  function newRefreshToken(grant: Grant): void {
    const token = mint.refreshToken()
    refreshTokens.set(token, grant)
    grant.refreshToken = token
  }

  function kill(which: (grant: Grant) => boolean, because: string): readonly Grant[] {
    const killed = grants.filter((grant) => !grant.deadBecause && which(grant))
    for (const grant of killed) grant.deadBecause = because
    endSessions((grant) => grant.deadBecause !== null)
    return killed
  }

  function endSessions(which: (grant: Grant) => boolean): number {
    let ended = 0
    for (const [token, session] of sessions) {
      if (!which(session.grant)) continue
      sessions.delete(token)
      ended += 1
    }
    return ended
  }
}

function codeRefusal(
  code: Code | undefined,
  given: { clientId: string; redirectUri: string; codeVerifier: string | null },
  nowMs: number,
): CodeRefusal | null {
  if (!code) return 'unknown_code'
  if (code.used) return 'used_code'
  if (code.expiresAtMs <= nowMs) return 'expired_code'
  if (code.clientId !== given.clientId) return 'wrong_client'
  if (code.redirectUri !== given.redirectUri) return 'wrong_redirect_uri'
  if (code.codeChallenge !== null && code.codeChallenge !== s256(given.codeVerifier ?? '')) return 'wrong_verifier'
  return null
}

function s256(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url')
}

export function randomToken(bytes: number): string {
  return randomBytes(bytes).toString('base64url')
}
