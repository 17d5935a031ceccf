/** An object as it came over the wire: every field has to be looked at before it is used. */
export interface JsonObject {
  [key: string]: unknown
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The field as text; numbers are taken as text (forms have no numbers), everything else is `undefined`. */
export function textField(object: JsonObject, key: string): string | undefined {
  const value = object[key]
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : undefined
}

/** True for `true`, `"true"`, `"1"` and `1`: the ways in which clients send a flag. */
export function flagField(object: JsonObject, key: string): boolean {
  return ['true', '1'].includes(String(object[key]))
}

export function objectField(object: JsonObject, key: string): JsonObject {
  const value = object[key]
  return isObject(value) ? value : {}
}

/** The objects of a list; what is not an object is left out. */
export function objectList(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** The value behind a JSON text, or `undefined` when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // not JSON is an answer here
  }
}
