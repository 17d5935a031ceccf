import { hash } from 'node:crypto'
import type { AcceptedTouchpoint } from './touchpoint.ts'
import type { Touchpoint } from './touchpoint-schema.ts'

/**
 * The outbox's form of a touchpoint that its schema has read: its canonical JSON, so that equal ones have equal text. The schema
 * gives the keys in its own order; those of `custom` are put in order here. Which connection it was sent to is not part of it.
 */
export function toOutboxForm(touchpoint: Touchpoint): AcceptedTouchpoint {
  const { connection, custom } = touchpoint
  const said =
    connection === undefined && custom === undefined
      ? touchpoint
      : { ...touchpoint, connection: undefined, ...(custom && { custom: inOrder(custom) }) }
  const payload = JSON.stringify(said)
  return { id: touchpoint.id, hash: hash('sha256', payload, 'base64url').slice(0, 22), payload }
}

function inOrder<T extends object>(members: T): T {
  return Object.fromEntries(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1))) as T
}
