import { SECOND_MS } from '../../../clock.ts'
import type { Asked, Tokens, Verdict } from '../../../domain/provider.ts'
import { asCount, asList, asRecord, asText } from '../json.ts'
import { authorize, misconfigured, passes, verdictOf } from '../meaning.ts'
import { type Graph, unreadable } from './graph.ts'
import { readErrorIn } from './verdicts.ts'

/** What Meta itself says of a token. */
export interface Inspected {
  readonly scopes: readonly string[]
  readonly userId: string | null
  /** Null: never. */
  readonly expiresAt: Date | null
  /** From then on the token still works, but not for data: 90 days after the person was last active with the app. Null: not told. */
  readonly dataAccessExpiresAt: Date | null
}

/**
 * `GET /debug_token`, by the app's own token. A token that is not valid is answered with the refusal that stands in it.
 * https://developers.facebook.com/docs/graph-api/reference/debug_token, …/docs/facebook-login/auth-vs-data (2026-11)
 */
export async function inspect(graph: Graph, accessToken: string): Promise<Asked<Inspected>> {
  const asked = await graph.asApp('/debug_token', { input_token: accessToken })
  if (asked.kind !== 'ok') return asked.kind === 'authorization_required' ? verdictOf(OUR_SECRET, asked.code, null) : asked
  const data = asRecord(asked.value.data)
  if (data.is_valid === false) return readErrorIn(data) ?? NOT_VALID
  if (data.is_valid !== true) return unreadable()
  return {
    kind: 'ok',
    value: {
      scopes: asList(data.scopes).filter((scope) => typeof scope === 'string'),
      userId: asText(data.user_id),
      expiresAt: asDate(data.expires_at),
      dataAccessExpiresAt: asDate(data.data_access_expires_at),
    },
  }
}

/** What is refused outside `data` is the app's token, which is made of id and secret; what is wrong with the other stands in `data`. */
const OUR_SECRET = misconfigured('Meta does not accept the app id or the secret of the app that Redkey uses.')

const NOT_VALID = verdictOf(
  authorize('revoked', 'certain', 'Meta says that the login is not valid any more.'),
  'token_not_valid',
  null,
)

/** Seconds since 1970; 0 means never. */
function asDate(seconds: unknown): Date | null {
  const count = asCount(seconds)
  return count === null || count === 0 ? null : new Date(count * SECOND_MS)
}

/** From then on only a login helps: the token has expired, or its access to data has. */
export function endOf({ expiresAt, dataAccessExpiresAt }: Inspected): Date | null {
  if (expiresAt === null || dataAccessExpiresAt === null) return expiresAt ?? dataAccessExpiresAt
  return expiresAt < dataAccessExpiresAt ? expiresAt : dataAccessExpiresAt
}

/** Either of them reads ads. https://developers.facebook.com/docs/permissions (2026-11) */
export function readsAds(scopes: readonly string[]): boolean {
  return scopes.includes('ads_read') || scopes.includes('ads_management')
}

/** What a call does at Meta: the permission that it needs follows from it. */
export type Use = 'reads' | 'changes'

/** What is wrong with a token that Meta calls valid; null: nothing. */
export function troubleOf(inspected: Inspected, now: Date, use: Use = 'reads'): Verdict | null {
  const { scopes, dataAccessExpiresAt } = inspected
  if (!readsAds(scopes)) return verdictOf(SCOPE_MISSING, 'ads_read', null)
  if (use === 'changes' && !scopes.includes('ads_management')) return mayNotChange()
  return dataAccessExpiresAt !== null && dataAccessExpiresAt <= now
    ? verdictOf(DATA_ACCESS_OVER, 'data_access_expired', null)
    : null
}

const SCOPE_MISSING = authorize(
  'scope_missing',
  'certain',
  'The login at Meta lacks the permission ads_read. Log in again and allow everything that is asked for.',
)

export function mayNotChange(): Verdict {
  return verdictOf(CHANGE_MISSING, 'ads_management', null)
}

const CHANGE_MISSING = authorize(
  'scope_missing',
  'certain',
  'The login at Meta lacks the permission ads_management, without which no ad can be changed. Log in again and allow everything that is asked for.',
)
const DATA_ACCESS_OVER = authorize(
  'expired',
  'certain',
  'Meta ends the access to data 90 days after the user was last active with the app. The user has to log in again.',
)

/**
 * A refusal that one answer can't settle: a right that may be missing to the login or to the person, or a login that is refused
 * without a reason. Meta tells by inspecting the token; where that can't be asked, the refusal stands as it was read.
 */
export async function settle(graph: Graph, tokens: Tokens, refusal: Verdict, now: Date, use: Use = 'reads'): Promise<Verdict> {
  const isOpen = refusal.kind === 'permission' || (refusal.kind === 'authorization_required' && !refusal.certain)
  if (!isOpen) return refusal
  const inspected = await inspect(graph, tokens.accessToken)
  // Refused where it was used and where it was inspected.
  if (inspected.kind === 'authorization_required') return { ...inspected, certain: true }
  if (inspected.kind !== 'ok') return refusal
  const trouble = troubleOf(inspected.value, now, use)
  if (trouble !== null) return trouble
  const isRight = refusal.kind === 'permission' || refusal.cause === 'scope_missing'
  return isRight ? refusal : verdictOf(STILL_VALID, refusal.code, null)
}

const STILL_VALID = passes('Meta refused the login once, but calls it valid.')
