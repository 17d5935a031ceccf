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
  const [from, to] = [text.indexOf('{'), text.lastIndexOf('}')]
  const quoted = from < 0 || to < from ? undefined : parseJson(text.slice(from, to + 1))
  return typeof quoted === 'object' && quoted !== null ? quoted : undefined
}
