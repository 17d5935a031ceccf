import type { Outage } from '../domain/connections/outage.ts'
import { escapeMrkdwn, personOr } from './mrkdwn.ts'
import { duration } from './words.ts'

/** "Reauthorized by @ben as ana@acme.com, 3 h 12 min after it last worked." with formatting. */
export function closingLine(outage: Outage, now: Date): string {
  const after = `${duration((outage.closedAt ?? now).getTime() - outage.lastProofAt.getTime())} after it last worked`
  if (outage.closedHow === 'reauthorized') return `Reauthorized ${by(outage)}, ${after}.`
  return `Works again, ${after}; nobody had to log in.`
}

/** A link that proved no Slack user names the provider's user. */
function by(outage: Outage): string {
  const username = outage.closedByUsername === null ? '' : escapeMrkdwn(outage.closedByUsername)
  const person = personOr(outage.closedBy, '')
  if (person === '') return username === '' ? 'by somebody with the link' : `by the login ${username}`
  return username === '' ? `by ${person}` : `by ${person} as ${username}`
}
