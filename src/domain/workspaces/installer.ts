import type { Workspace } from '../slack.ts'

/** What Slack gives for the code of an install. */
export interface Approval {
  readonly token: string
  /** Null: the whole organization installed it. */
  readonly team: { readonly id: string; readonly name: string } | null
  readonly isOrganization: boolean
  /** The token ends by itself after hours: the app has token rotation switched on. */
  readonly isRotating: boolean
  readonly botUserId: string
  readonly scopes: readonly string[]
  /** Slack user. */
  readonly installedBy: string
}

export type Exchanged =
  | { readonly kind: 'ok'; readonly approval: Approval }
  /** The code is too old, was used, or is none. `reason` is Slack's word for it. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Slack does not know our client, its secret or the redirect URL. */
  | { readonly kind: 'misconfigured'; readonly reason: string }
  | { readonly kind: 'unreachable'; readonly reason: string }

/** OAuth v2 of our Slack app. */
export interface Installer {
  /** Scopes that an install must give. */
  readonly scopes: readonly string[]
  authorizationUrl(request: { readonly redirectUri: string; readonly state: string }): string
  exchange(code: string, redirectUri: string): Promise<Exchanged>
  /** Which workspace the token serves. Undefined: Slack can't be asked, or refuses the token. */
  whoseToken(token: string): Promise<Workspace | undefined>
  /** Gives a token back, and with it the app. False: Slack did not take it. */
  revoke(token: string): Promise<boolean>
}

/** Exactly what must be registered in the Slack app. */
export function installRedirectUri(url: string): string {
  return `${url}/slack/oauth_redirect`
}
