/** Readers for answers whose shape nobody guarantees: they never throw and never guess. */

export type JsonRecord = Readonly<Record<string, unknown>>

/** An object that isn't an array; anything else reads as empty. */
export function asRecord(value: unknown): JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonRecord) : {}
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** A string that isn't empty. */
export function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

export function asCount(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null
}
