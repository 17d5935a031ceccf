/** Every provider Redkey can be connected to. The registry in `outbound/providers` must have each of them. */
export const PROVIDER_NAMES = [
  'salesforce',
  'dynamics',
  'hubspot',
  'google-ads',
  'microsoft-ads',
  'meta',
  'linkedin',
  'cm360',
] as const
export type ProviderName = (typeof PROVIDER_NAMES)[number]
export type ProviderKind = 'crm' | 'ads'

export type AuthorizationCause = 'revoked' | 'expired' | 'password_changed' | 'user_inactive' | 'login_policy' | 'scope_missing'
export type PermissionCause = 'access_lost' | 'admin_blocked' | 'role_missing'

/** What a provider's refusal means. `explanation` is plain words for people, without secrets; `code` is the provider's own. */
export type Verdict =
  /** Only a login fixes it. `certain`: a terminal code of the provider's own table; otherwise a second proof is wanted before red. */
  | {
      readonly kind: 'authorization_required'
      readonly cause: AuthorizationCause
      readonly certain: boolean
      readonly code: string
      readonly explanation: string
    }
  /** Only the access token is stale: refresh once, replay once. */
  | { readonly kind: 'refresh'; readonly code: string; readonly explanation: string }
  /** The login lives, but a right is missing that the same login can't give itself. */
  | { readonly kind: 'permission'; readonly cause: PermissionCause; readonly code: string; readonly explanation: string }
  /** Our own client id, secret, redirect, or API version is wrong: the operator's business. */
  | { readonly kind: 'misconfigured'; readonly code: string; readonly explanation: string }
  /** `usedUp`: the calls of a day are used up, so waiting for seconds does not help. */
  | {
      readonly kind: 'rate_limited'
      readonly retryAfterMs: number | null
      readonly usedUp?: true
      readonly code: string
      readonly explanation: string
    }
  | { readonly kind: 'transient'; readonly retryAfterMs: number | null; readonly code: string; readonly explanation: string }
  /** This request or record is wrong; the connection is fine. */
  | { readonly kind: 'rejected'; readonly code: string; readonly explanation: string }

/** The answer to a question put to a provider: the value, or what the refusal means. */
export type Asked<T> = { readonly kind: 'ok'; readonly value: T } | Verdict

/** What one login gave us. Sealed before it reaches a row; never logged. */
export interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string | null
  /** Origin of the API that takes the access token, as the token endpoint named it. Tokens go nowhere else; empty: none is known. */
  readonly apiOrigin: string
  /** URL that tells who logged in, where the provider gives one with the tokens. */
  readonly identityUrl: string | null
  readonly scopes: readonly string[]
  readonly accessExpiresAt: Date | null
  /**
   * From then on only a new login helps, however the tokens are used; null where that can't be known. Not the end of an idle window,
   * which every refresh moves.
   */
  readonly refreshExpiresAt: Date | null
}

/** Names an account in calls. */
export interface AccountRef {
  /** What must stay the same over reauthorizations. */
  readonly id: string
  /** What calls must name beside the account to reach it: Google's manager account, Microsoft's customer. It may change. */
  readonly via: string | null
}

/** What a connection connects: an org, a portal, an ad account. */
export interface Account extends AccountRef {
  readonly name: string
  readonly environment: 'production' | 'sandbox'
}

/** Who logged in, and what that login reaches. */
export interface Identity {
  readonly userId: string
  readonly username: string
  /** At least one; a CRM login reaches exactly one. In the provider's own order. */
  readonly accounts: readonly Account[]
}

/** API calls used and allowed in the provider's own window (Salesforce: rolling 24 h). */
export interface ApiUsage {
  readonly used: number
  readonly limit: number
}

export interface AuthorizationRequest {
  readonly redirectUri: string
  readonly state: string
  /** S256 of the verifier, base64url. */
  readonly codeChallenge: string
  readonly loginHint: string | null
}

export interface CodeExchange {
  readonly code: string
  readonly codeVerifier: string
  readonly redirectUri: string
}

/** What came back to the callback instead of a code. `steps`: what an admin does at the provider about it, one after the other. */
export type CallbackMeaning =
  /** The person said no. */
  { readonly kind: 'cancelled' } | (Verdict & { readonly steps?: readonly string[] })

/** What we ask of every provider. An implementation never throws for what the provider or the network says: that is a verdict. */
export interface Provider {
  readonly name: ProviderName
  readonly kind: ProviderKind
  /** As people write it: "Salesforce". */
  readonly label: string
  /** A grant works only with the app and the token endpoint that made it. */
  readonly client: { readonly id: string; readonly tokenOrigin: string }
  /** Why logins end on a known day, as a sentence for people; null where they don't. */
  readonly endsBecause: string | null
  /** Approvals of one user for this app that the provider keeps; one more silently ends the oldest. Left out where that can't happen. */
  readonly approvalsKept?: number
  authorizationUrl(request: AuthorizationRequest): string
  /** The `error` and `error_description` of a callback (RFC 6749, 4.1.2.1, and what the provider makes of it). */
  readCallback(error: string, description: string): CallbackMeaning
  exchangeCode(exchange: CodeExchange): Promise<Asked<Tokens>>
  refresh(tokens: Tokens): Promise<Asked<Tokens>>
  /** Which of the scopes that Redkey needs the grant lacks. */
  missingScopes(tokens: Tokens): readonly string[]
  /** A login that reaches no account is `permission`. */
  identify(tokens: Tokens): Promise<Asked<Identity>>
  /** The cheapest authorised read that proves that this account can be worked with. */
  probe(tokens: Tokens, account: AccountRef): Promise<Asked<ApiUsage | null>>
  /** Where `probe` uses up a quota that is small: the cheapest read that proves the login without touching that quota. */
  probeLogin?(tokens: Tokens): Promise<Asked<null>>
  /** Where an app may make so few calls in a day that probes must be rationed: how many, at the smallest access level. */
  readonly dailyCalls?: number
}

/** Names the app at a provider that a grant was made with. */
export type ClientRef = Provider['client']

/** A client beside the one of the settings, with its secret opened. */
export interface OwnClient {
  readonly provider: ProviderName
  readonly label: string
  readonly clientId: string
  readonly tokenOrigin: string
  /** Empty for an app that needs none. */
  readonly clientSecret: string
}

/** What a provider sends by itself. */
export interface ProviderMessage {
  /** The address it was sent to, as the provider knows it. */
  readonly url: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** As it came, since signatures are over it. */
  readonly body: string
}

/** Whose login may have ended. */
export interface Ended {
  readonly providerUserIds: readonly string[]
  readonly accountIds: readonly string[]
}

export type Heard =
  /** `id`: of the message, where it has one; it counts once. */
  | { readonly kind: 'heard'; readonly id: string | null; readonly ended: Ended }
  /** Nobody proved that it is the provider's. */
  | { readonly kind: 'forged'; readonly why: string }
  /** It can't be judged now; the provider sends it again. */
  | { readonly kind: 'unproven'; readonly why: string }

/** Where a provider tells of logins that end. */
export interface Listener {
  /** Whose logins it tells of. */
  readonly providers: readonly ProviderName[]
  hear(message: ProviderMessage): Promise<Heard>
}

/** The providers that can be connected; one without any client is not among them. */
export interface Providers {
  /** With the client of the settings, or where they have none with one that was learned: for what is the same with each of them. */
  get(name: string): Provider | undefined
  /** Those with a client in the settings. */
  all(): readonly Provider[]
  /** With the client that a grant was made with. */
  of(name: string, client: ClientRef): Provider | undefined
  /** The clients that were learned, by label. */
  own(): readonly { readonly label: string; readonly provider: Provider }[]
  /** Takes in another client, or another secret of one. False: this provider has none but the one of the settings. */
  learn(client: OwnClient): boolean
  listener(name: string): Listener | undefined
}
