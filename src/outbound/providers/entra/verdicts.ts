import type { CallbackMeaning, Verdict } from '../../../domain/provider.ts'
import type { HttpAnswer } from '../http.ts'
import { asRecord, asText } from '../json.ts'
import { type Meaning, passes, verdictOf, wait } from '../meaning.ts'
import { isCancelled, unknownCallback } from '../refusals.ts'
import { ENTRA_ERRORS, ENTRA_SUBERRORS, type EntraError } from './error-words.ts'
import { ENTRA_REFUSALS } from './token-refusals.ts'

interface Said {
  readonly error: string | null
  readonly suberror: string | null
  readonly description: string
  readonly numbers: readonly number[]
}

/**
 * What Entra's token endpoint means by anything but a token: by the numbers that a row knows, then by `suberror`, then by `error`.
 * An answer without any of them never turns a connection red.
 */
export function readEntraRefusal(answer: HttpAnswer): Verdict {
  const said = readSaid(answer)
  const byNumber = meaningOfNumber(said)
  const means = byNumber?.means ?? meaningOfWord(said) ?? byStatus(answer)
  const code = byNumber ? `AADSTS${byNumber.number}` : (said.error ?? `http_${answer.status}`)
  return verdictOf(means, code, answer.retryAfterMs)
}

/**
 * A callback without a code. `access_denied` is what the person said, unless a number tells of somebody else who said no.
 * 65004: "User declined to consent to access the app" (reference-error-codes, 2026-11).
 */
export function readEntraCallback(label: string, error: string, description: string): CallbackMeaning {
  const said: Said = { error, suberror: null, description, numbers: numbersIn(description) }
  if (said.numbers.includes(65004)) return { kind: 'cancelled' }
  const byNumber = meaningOfNumber(said)
  if (byNumber) return verdictOf(byNumber.means, `AADSTS${byNumber.number}`, null)
  if (isCancelled(error)) return { kind: 'cancelled' }
  const means = meaningOfWord(said)
  return means === null ? unknownCallback(label, error) : verdictOf(means, error, null)
}

/** Older answers begin with 70002, "Error validating credentials", which no row knows: the number after it says why. */
function meaningOfNumber({ numbers, description }: Said): { readonly number: number; readonly means: Meaning } | null {
  for (const number of numbers) {
    const row = ENTRA_REFUSALS.find((row) => row.numbers.includes(number) && (row.says?.test(description) ?? true))
    if (row) return { number, means: row.means }
  }
  return null
}

function meaningOfWord({ error, suberror, description }: Said): Meaning | null {
  const row =
    find(ENTRA_SUBERRORS, suberror, description) ??
    find(ENTRA_ERRORS, error, description) ??
    find(ENTRA_ERRORS, suberror, description)
  return row?.means ?? null
}

function find(rows: readonly EntraError[], word: string | null, description: string): EntraError | undefined {
  const lower = word?.toLowerCase()
  return rows.find(({ errors, says }) => lower !== undefined && errors.includes(lower) && (says?.test(description) ?? true))
}

/** `error_codes` is a list of numbers; the text begins with the same one, and is all there is where somebody passed it on. */
function readSaid({ json, text }: HttpAnswer): Said {
  const body = asRecord(json)
  const nested = asRecord(body.error)
  const description = asText(body.error_description) ?? asText(nested.message) ?? asText(body.message) ?? ''
  const listed = [body.error_codes]
    .flat()
    .map(Number)
    .filter((number) => Number.isSafeInteger(number) && number > 0)
  const isJson = json !== undefined && typeof json !== 'string'
  const told = isJson ? description : text
  return {
    error: asText(body.error) ?? asText(nested.code) ?? (isJson ? null : wordIn(text)),
    suberror: asText(body.suberror),
    description: told,
    numbers: [...new Set([...listed, ...numbersIn(told)])],
  }
}

function numbersIn(text: string): readonly number[] {
  return [...text.matchAll(/AADSTS(\d{4,8})/gi)].map((match) => Number(match[1]))
}

/** `error` of a body that a log or another program has printed, such as `{'error': 'invalid_grant', …`. No page of HTML. */
function wordIn(text: string): string | null {
  if (/^\s*</.test(text)) return null
  return /\berror['"]?\s*[:=]\s*['"]?([a-z]+(?:_[a-z]+)+)/i.exec(text)?.[1] ?? null
}

function byStatus({ status }: HttpAnswer): Meaning {
  if (status === 429) return wait('Microsoft asks to slow down.')
  if (status >= 500) return passes('Microsoft is not available at the moment.')
  return passes('Microsoft gave an answer that Redkey does not know.')
}
