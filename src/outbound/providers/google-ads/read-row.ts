/** Numbers of a row: int64 is a text in JSON, and what was not set is 0 and left out (protobuf.dev/programming-guides/json, 2026-11). */

/** Null: it is no whole number. */
export function readInt64(value: unknown): bigint | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : null
  return typeof value === 'string' && /^-?\d{1,19}$/.test(value) ? BigInt(value) : null
}

/** Null: it is no count. */
export function readCount(value: unknown): number | null {
  const count = readUnset(value) ?? readInt64(value)
  return count === null || count < 0n ? null : Number(count)
}

/** Null: something is set. */
export function readUnset(value: unknown): bigint | null {
  return value === undefined ? 0n : null
}
