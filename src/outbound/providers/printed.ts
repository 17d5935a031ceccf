import { parseJson } from './http.ts'
import { asRecord, asText } from './json.ts'

/**
 * An answer that somebody has passed on: JSON in the words of an exception, inside another answer or as its text, or what Python,
 * Ruby, Java and JavaScript print of an object; it may be cut off. Providers don't answer so, but logs and reports do.
 */

/** Every answer that may be in `text` or inside `json`, the likeliest first. */
export function passedOn(text: string, json: unknown): readonly unknown[] {
  if (json !== undefined && typeof json !== 'string') return insideOf(json, DEEPEST).filter(looksLikeAnswer).slice(0, MOST_STARTS)
  const said = (typeof json === 'string' ? json : text).slice(0, MOST_TEXT)
  if (/^\s*</.test(said)) return []
  return [...answersIn(said), ...(ESCAPED.test(said) ? answersIn(said.replaceAll('\\"', '"')) : [])]
}

/** JSON whose quotes stand behind backslashes, since the text around it was a JSON text once. */
const ESCAPED = /[{[,]\s*\\"/

function answersIn(said: string): readonly unknown[] {
  const starts = [...said.matchAll(/[{[]/g)].slice(0, MOST_STARTS).map(({ index }) => index)
  return starts.map((start) => printedAt(said, start)).filter(looksLikeAnswer)
}

const MOST_TEXT = 20_000
const MOST_STARTS = 20
const MOST_MEMBERS = 20
const DEEPEST = 8

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

/** Objects and lists inside of `json`, and texts that are such as a whole; outer ones come before what is in them. */
function insideOf(json: unknown, depth: number): readonly unknown[] {
  if (depth === 0 || !isObject(json)) return []
  const held = Object.values(json as object).map((value) => (isJsonText(value) ? parseJson(value) : value))
  return held.slice(0, MOST_MEMBERS).flatMap((value) => (isObject(value) ? [value, ...insideOf(value, depth - 1)] : []))
}

function isJsonText(value: unknown): value is string {
  return typeof value === 'string' && /^\s*[{[]/.test(value)
}

/** A brace in a sentence opens no answer: one of the names that errors have must be in it. */
function looksLikeAnswer(value: unknown): boolean {
  const entry = asRecord(Array.isArray(value) ? value[0] : value)
  return Object.entries(entry).some(([name, held]) => ERROR_NAMES.test(name) && (isObject(held) || asText(String(held)) !== null))
}

const ERROR_NAMES = /^(error|fault|exception|status|code|message|category|(operation|batch)errors)/i

const WORDS: Readonly<Record<string, boolean | null>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  null: null,
  None: null,
  nil: null,
}

/** Reads as much as there is and never throws: what is not of a known form ends the object that it is in. */
function printedAt(text: string, start: number): unknown {
  let at = start

  function take(pattern: RegExp): string | null {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0] ?? null
    if (found !== null) at += found.length
    return found
  }

  function value(depth: number): unknown {
    take(/\s*/y)
    if (depth === 0) return undefined
    if (take(/\{/y) !== null) return object(depth)
    if (take(/\[/y) !== null) return list(depth)
    return quoted() ?? bare()
  }

  function object(depth: number): Record<string, unknown> {
    const members: [string, unknown][] = []
    while (take(/[\s,]*\}/y) === null) {
      take(/[\s,:]*/y)
      const name = quoted() ?? take(/[\w.@$-]+/y)
      if (name === null || take(/\s*(=>|[:=])/y) === null) break
      members.push([name, value(depth - 1)])
    }
    return Object.fromEntries(members)
  }

  function list(depth: number): unknown[] {
    const values: unknown[] = []
    while (take(/[\s,]*\]/y) === null) {
      const before = at
      take(/[\s,]*/y)
      values.push(value(depth - 1))
      if (at === before) break
    }
    return values
  }

  /** `null`: no quote. Without its end it is what there is. */
  function quoted(): string | null {
    const found = take(/[bu]?(?:"(?:[^"\\]|\\.)*(?:"|\\?$)|'(?:[^'\\]|\\.)*(?:'|\\?$))/sy)
    if (found === null) return null
    const quote = found.slice(found.search(/["']/))
    const inner = quote.slice(1, quote.length > 1 && quote.endsWith(quote.charAt(0)) ? -1 : undefined)
    return inner.replace(/\\(u[0-9a-f]{4}|.)/gis, (_all, letter: string) => unescaped(letter))
  }

  function bare(): unknown {
    const word = (take(/[^,}\]\n]*/y) ?? '').trim()
    if (Object.hasOwn(WORDS, word)) return WORDS[word]
    return /^-?\d{1,15}$/.test(word) ? Number(word) : word
  }

  return value(DEEPEST)
}

function unescaped(letter: string): string {
  if (letter.length > 1) return String.fromCharCode(Number.parseInt(letter.slice(1), 16))
  return { n: '\n', r: '\r', t: '\t' }[letter] ?? letter
}
