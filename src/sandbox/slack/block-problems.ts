import { isObject, type JsonObject } from './json.ts'

/** Where blocks are shown; some are refused on some surfaces. */
export type Surface = 'message' | 'modal' | 'home'

/** Collects what is wrong with blocks, in Slack's words and with Slack's JSON pointers. */
export interface Problems {
  readonly found: string[]
  add(path: string, what: string): void
  /** A text of at most `max` characters; `false` when there is nothing usable to look into. */
  text(parent: JsonObject, path: string, key: string, limit: { max: number; required?: boolean }): void
  /** A text object. `plain` asks for plain_text, as headers, buttons and titles do. */
  textObject(parent: JsonObject, path: string, key: string, limit: { max: number; required?: boolean; plain?: boolean }): void
  /** The same for a text object that stands alone, as in a list. */
  textValue(value: unknown, path: string, limit: { max: number; plain?: boolean }): void
  /** One of the words, when it is there at all. */
  oneOf(parent: JsonObject, path: string, key: string, allowed: readonly string[]): void
  /** A list of objects within the bounds; the objects with their paths. */
  list(
    parent: JsonObject,
    path: string,
    key: string,
    bounds: { min?: number; max: number },
  ): { readonly item: JsonObject; readonly path: string }[]
}

export function collectProblems(): Problems {
  const found: string[] = []
  const add = (path: string, what: string) => {
    found.push(`[ERROR] ${what} [json-pointer:${path}]`)
  }
  function text(parent: JsonObject, path: string, key: string, limit: { max: number; required?: boolean }): void {
    const value = parent[key]
    if (value === undefined || value === null) {
      if (limit.required === true) add(path, `missing required field: ${key}`)
    } else if (typeof value !== 'string') add(`${path}/${key}`, 'must be a string')
    else if (limit.required === true && value.length === 0) add(`${path}/${key}`, 'must be more than 0 characters')
    else if (value.length > limit.max) add(`${path}/${key}`, `must be less than ${limit.max + 1} characters`)
  }
  function textValue(value: unknown, path: string, limit: { max: number; plain?: boolean }): void {
    if (!isObject(value)) {
      add(path, 'must be an object')
      return
    }
    const kinds = limit.plain === true ? ['plain_text'] : ['plain_text', 'mrkdwn']
    if (!kinds.includes(String(value.type))) add(`${path}/type`, `must be one of: ${kinds.join(', ')}`)
    if (value.type === 'mrkdwn' && value.emoji !== undefined) add(path, 'invalid additional property: emoji')
    if (value.type === 'plain_text' && value.verbatim !== undefined) add(path, 'invalid additional property: verbatim')
    text(value, path, 'text', { max: limit.max, required: true })
  }
  return {
    found,
    add,
    text,
    textValue,
    textObject(parent, path, key, limit) {
      const value = parent[key]
      if (value !== undefined && value !== null) textValue(value, `${path}/${key}`, limit)
      else if (limit.required === true) add(path, `missing required field: ${key}`)
    },
    oneOf(parent, path, key, allowed) {
      const value = parent[key]
      if (value !== undefined && !allowed.includes(String(value))) add(`${path}/${key}`, `must be one of: ${allowed.join(', ')}`)
    },
    list(parent, path, key, { min = 1, max }) {
      const value = parent[key]
      if (value === undefined) {
        if (min > 0) add(path, `missing required field: ${key}`)
        return []
      }
      if (!Array.isArray(value)) {
        add(`${path}/${key}`, 'must be an array')
        return []
      }
      if (value.length < min) add(`${path}/${key}`, `no less than ${min} items allowed`)
      if (value.length > max) add(`${path}/${key}`, `no more than ${max} items allowed`)
      return value.flatMap((item: unknown, index) => {
        if (isObject(item)) return [{ item, path: `${path}/${key}/${index}` }]
        add(`${path}/${key}/${index}`, 'must be an object')
        return []
      })
    },
  }
}
