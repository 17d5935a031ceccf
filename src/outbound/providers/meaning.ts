import type { AuthorizationCause, PermissionCause, Verdict } from '../../domain/provider.ts'

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

/** A verdict as a row of a provider's table says it; the code and the waiting time come with the answer. */
export type Meaning = Without<Verdict, 'code' | 'retryAfterMs'>

export function verdictOf(meaning: Meaning, code: string, retryAfterMs: number | null): Verdict {
  const said = { code: plainText(code) }
  return meaning.kind === 'rate_limited' || meaning.kind === 'transient'
    ? { ...meaning, ...said, retryAfterMs }
    : { ...meaning, ...said }
}

/** Two proofs are wanted unless `certain`: say it only of a text that means nothing else. */
export function authorize(cause: AuthorizationCause, certain: 'certain' | 'ambiguous', explanation: string): Meaning {
  return { kind: 'authorization_required', cause, certain: certain === 'certain', explanation }
}

export function lacks(cause: PermissionCause, explanation: string): Meaning {
  return { kind: 'permission', cause, explanation }
}

export function misconfigured(explanation: string): Meaning {
  return { kind: 'misconfigured', explanation }
}

export function wait(explanation: string): Meaning {
  return { kind: 'rate_limited', explanation }
}

export function usedUp(explanation: string): Meaning {
  return { kind: 'rate_limited', usedUp: true, explanation }
}

export function passes(explanation: string): Meaning {
  return { kind: 'transient', explanation }
}

export function stale(explanation: string): Meaning {
  return { kind: 'refresh', explanation }
}

export function rejected(explanation: string): Meaning {
  return { kind: 'rejected', explanation }
}

const MAX_TEXT = 200

/** A provider's words for people: one line, no e-mail addresses, 200 characters at most. Whoever renders it escapes it. */
export function plainText(text: string): string {
  const line = text
    .slice(0, 2000)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .replace(/[^\s"'<>(),;:=]+@[^\s"'<>(),;:=]+/g, '[e-mail]')
    .trim()
  return line.length > MAX_TEXT ? `${line.slice(0, MAX_TEXT - 1)}…` : line
}
