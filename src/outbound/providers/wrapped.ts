import { parseJson } from './http.ts'

/** Answers that did not come as they were sent: a proxy's page, JSON in a string, the text that a client library makes of an answer. */

export function isHtml(text: string): boolean {
  return /^\s*(<\?xml[^>]*>\s*)?(<!doctype|<html|<head|<title)/i.test(text)
}

/** The object or list that a text is or quotes; `undefined`: none, or a page. */
export function jsonIn(text: string): unknown {
  if (isHtml(text)) return undefined
  const whole = parseJson(text)
  if (typeof whole === 'string') return whole === text ? undefined : jsonIn(whole)
  if (typeof whole === 'object' && whole !== null) return whole
  return firstObject(text)
}

/** A text may have braces of its own before the object, and more than one object. */
const MOST_STARTS = 10

function firstObject(text: string): unknown {
  let from = text.indexOf('{')
  for (let starts = 0; from >= 0 && starts < MOST_STARTS; starts++) {
    const end = endOfObject(text, from)
    const found = end === null ? undefined : parseJson(text.slice(from, end))
    if (typeof found === 'object' && found !== null) return found
    from = text.indexOf('{', from + 1)
  }
  return undefined
}

/** Behind the brace that closes the one at `from`; those in strings do not count. `null`: it was cut off. */
function endOfObject(text: string, from: number): number | null {
  let depth = 0
  for (const { 0: token, index } of text.slice(from).matchAll(/"(?:[^"\\]|\\.)*"|[{}]/gs)) {
    depth += token === '{' ? 1 : token === '}' ? -1 : 0
    if (depth === 0) return from + index + 1
  }
  return null
}
