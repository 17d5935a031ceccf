import { hash } from 'node:crypto'
import type { AcceptedTouchpoint } from '../../src/domain/outbox/touchpoint.ts'

/** A touchpoint as a website sends it, of some 800 bytes. */
function aRecord(id: string): Record<string, unknown> {
  return {
    id,
    occurredAt: '2026-11-20T10:00:00Z',
    type: 'Web Visit',
    person: { email: `${id}@example.com` },
    channel: 'Paid Search',
    channelPath: 'Paid Search.Brand',
    source: 'google',
    medium: 'cpc',
    campaignName: 'Brand',
    landingPage: `https://acme.example/${'x'.repeat(380)}`,
    referrerPage: `https://search.example/${'y'.repeat(130)}`,
  }
}

/** Bodies of `aRequest` records each for the API, `count` records in all, each id once. */
export function bodiesOf(prefix: string, count: number, aRequest: number, over: object = {}): Buffer[] {
  return Array.from({ length: Math.ceil(count / aRequest) }, (_, place) => {
    const first = place * aRequest
    const length = Math.min(aRequest, count - first)
    return Buffer.from(
      JSON.stringify(Array.from({ length }, (__, index) => ({ ...aRecord(`${prefix}_${first + index}`), ...over }))),
    )
  })
}

/** The same records as the outbox keeps them. */
export function outboxForm(prefix: string, first: number, count: number): AcceptedTouchpoint[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `${prefix}_${first + index}`
    const payload = JSON.stringify(aRecord(id))
    return { id, hash: hash('sha256', payload, 'base64url').slice(0, 22), payload }
  })
}
