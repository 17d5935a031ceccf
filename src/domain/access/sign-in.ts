/** Sign in with Slack: OpenID Connect, which tells who somebody is in Slack and gives no access to anything. */
export interface SignIn {
  /** Slack's own page. A person who is logged in there and has agreed once comes straight back. */
  authorizationUrl(request: {
    readonly redirectUri: string
    readonly state: string
    readonly nonce: string
    readonly teamId: string
  }): string
  /** Exchanges the code and verifies what comes of it: signature, issuer, audience, nonce and expiry. */
  identify(answer: { readonly code: string; readonly redirectUri: string; readonly nonce: string }): Promise<SignedIn>
}

export interface SlackIdentity {
  readonly teamId: string
  readonly userId: string
}

export type SignedIn =
  | ({ readonly kind: 'ok' } & SlackIdentity)
  /** The code is too old or was used, or the token is not one for this login. `reason` is a code for the log. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Slack does not know our client, its secret or the redirect URI. */
  | { readonly kind: 'misconfigured'; readonly reason: string }
  | { readonly kind: 'unreachable'; readonly reason: string }

/** One identification under way. Travels in a sealed cookie, like the login that follows it. */
export interface SignInFlow {
  /** Used once. */
  readonly state: string
  readonly nonce: string
  /** The workspace that the link belongs to. */
  readonly teamId: string
  /** Where the browser goes on: the link, and what it stands for. */
  readonly path: 'connect' | 'reauthorize'
  readonly ticket: string
  readonly expiresAt: Date
}

/** Seals what a browser keeps of it. */
export interface SignInSeals {
  sealFlow(flow: SignInFlow): Promise<string>
  /** Undefined when it is not ours, was made for another purpose, or has expired. */
  openFlow(sealed: string): Promise<SignInFlow | undefined>
  seal(identity: SlackIdentity, expiresAt: Date): Promise<string>
  open(sealed: string): Promise<SlackIdentity | undefined>
}

/** Exactly what must be registered in the Slack app. */
export function signInRedirectUri(url: string): string {
  return `${url}/identity/slack/callback`
}
