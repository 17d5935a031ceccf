import type { CallbackMeaning, Verdict } from '../../domain/provider.ts'
import type { NoAnswer } from './http.ts'
import { misconfigured, passes, plainText, rejected, verdictOf } from './meaning.ts'

/** What is the same at every provider. `label` is the provider as people write it. */

/** No answer came: the network, a timeout, or a page that is too large. */
export function silenceOf(label: string, { reason }: NoAnswer): Verdict {
  const means =
    reason === 'forbidden_address'
      ? misconfigured(`The address of ${label} leads into the local network, so nothing was sent there.`)
      : passes(`${label} did not answer.`)
  return verdictOf(means, `no_answer_${reason}`, null)
}

/** No token is sent: a wrong address here would give it away. */
export function refusedHost(label: string): Verdict {
  const explanation = `${label} named an API address that is not a ${label} host, so no token was sent to it.`
  return { kind: 'misconfigured', code: 'api_host_refused', explanation }
}

export function noRefreshToken(label: string): Verdict {
  return {
    kind: 'authorization_required',
    cause: 'scope_missing',
    certain: true,
    code: 'no_refresh_token',
    explanation: `The last login at ${label} gave Redkey no lasting access, and the short one has ended.`,
  }
}

/** The person pressed No: `access_denied` is RFC 6749's (4.1.2.1). */
export function isCancelled(error: string): boolean {
  return error === 'access_denied' || error === 'access-denied'
}

/** What came back to the callback and stands in no table. */
export function unknownCallback(label: string, error: string): CallbackMeaning {
  const told = plainText(error).slice(0, 80)
  return verdictOf(
    rejected(`${label} refused the login (${told}). An administrator there may have to allow the app first.`),
    error,
    null,
  )
}

/** What outranks what, where one answer holds several errors: first what only a person can mend. */
const WEIGHTS = [
  'authorization_required',
  'permission',
  'refresh',
  'misconfigured',
  'rate_limited',
  'transient',
  'rejected',
] as const

/** Of several errors in one answer the one that decides what happens next. */
export function weightiest(verdicts: readonly Verdict[]): Verdict | null {
  const byWeight = WEIGHTS.map((kind) => verdicts.find((verdict) => verdict.kind === kind))
  return byWeight.find((verdict) => verdict !== undefined) ?? null
}
