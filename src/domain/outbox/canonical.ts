import { hash } from 'node:crypto'
import type { AcceptedTouchpoint } from './touchpoint.ts'
import { type Touchpoint, touchpointSchema } from './touchpoint-schema.ts'

/** Which connection it was sent to is not part of what a touchpoint says. */
const KEYS = (Object.keys(touchpointSchema.shape) as (keyof Touchpoint)[]).filter((key) => key !== 'connection').sort()

/** The outbox's form of a touchpoint: its canonical JSON (keys in order, nothing undefined), so that equal ones have equal text. */
export function toOutboxForm(touchpoint: Touchpoint): AcceptedTouchpoint {
  const ordered: Record<string, unknown> = {}
  for (const key of KEYS) {
    const value = touchpoint[key]
    if (value !== undefined) ordered[key] = typeof value === 'object' && value !== null ? inOrder(value) : value
  }
  const payload = JSON.stringify(ordered)
  return { id: touchpoint.id, hash: hash('sha256', payload, 'base64url').slice(0, 22), payload }
}

function inOrder(members: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1)))
}
