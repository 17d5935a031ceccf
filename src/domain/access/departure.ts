import { createHash } from 'node:crypto'
import { later, MINUTE_MS } from '../../clock.ts'
import type { Deps } from '../deps.ts'
import type { Provider } from '../provider.ts'
import type { LoginFlow, LoginTicket } from './secrets.ts'

/** From the redirect to the provider until the callback. */
export const LOGIN_MS = 10 * MINUTE_MS

/** Off to the provider's login: `cookie` goes to this browser only, under `cookieName(state)`. */
export interface Departure {
  readonly kind: 'redirect'
  readonly url: string
  readonly state: string
  readonly cookie: string
  readonly cookieMaxAgeMs: number
}

export type NoLogin =
  | { readonly kind: 'expired' }
  | { readonly kind: 'forged' }
  /** The connection was removed. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'not_configured'; readonly provider: string }

export async function depart(
  deps: Pick<Deps, 'tickets' | 'clock' | 'newSecret' | 'settings'>,
  ticket: LoginTicket,
  provider: Provider,
  teamId: string,
  loginHint: string | null,
): Promise<Departure> {
  const state = deps.newSecret()
  const codeVerifier = deps.newSecret()
  const flow: LoginFlow = {
    state,
    codeVerifier,
    provider: provider.name,
    client: provider.client,
    teamId,
    ticket,
    expiresAt: later(deps.clock.now(), LOGIN_MS),
  }
  const url = provider.authorizationUrl({
    redirectUri: redirectUri(deps.settings.url, provider.name),
    state,
    codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    loginHint,
  })
  return { kind: 'redirect', url, state, cookie: await deps.tickets.sealFlow(flow), cookieMaxAgeMs: LOGIN_MS }
}

/** Exactly what must be registered at the provider. */
export function redirectUri(url: string, provider: string): string {
  return `${url}/oauth/callback/${provider}`
}
