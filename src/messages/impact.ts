import type { Connection } from '../domain/connections/connection.ts'
import type { Backlog } from '../domain/outbox/touchpoint.ts'
import { date } from './mrkdwn.ts'
import { count } from './words.ts'

/** What does not happen while a connection is down. `after`: what will bring it back, "after reauthorization". */
export function impact(connection: Connection, backlog: Backlog, lastProofAt: Date, after: string): string {
  if (connection.kind === 'ads') return `Cost data has not been downloaded since ${date(lastProofAt)}.`
  return `New touchpoints are not pushed and existing ones not updated. ${waiting(backlog.waiting, after)}`
}

function waiting(n: number, after: string): string {
  if (n === 0) return `None is waiting yet; what comes in is kept and will be pushed ${after}.`
  return `*${count(n)} ${n === 1 ? 'is' : 'are'} waiting* and will be pushed ${after}.`
}

/** The same without formatting, for notifications. */
export function impactText(connection: Connection, backlog: Backlog, lastProofAt: Date, after: string): string {
  return impact(connection, backlog, lastProofAt, after).replaceAll('*', '')
}
