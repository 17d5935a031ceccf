import { hash } from 'node:crypto'
import type { AcceptedTouchpoint } from './touchpoint.ts'
import type { Touchpoint } from './touchpoint-schema.ts'

/** The outbox's form of a touchpoint: which connection it was sent to is not part of what it says. */
export function toOutboxForm({ connection: _, ...touchpoint }: Touchpoint): AcceptedTouchpoint {
  const payload = canonicalJson(touchpoint)
  return { id: touchpoint.id, hash: hash('sha256', payload, 'base64url').slice(0, 22), payload }
}

/** JSON with sorted keys, so that equal values have equal text. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}
