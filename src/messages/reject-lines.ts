import type { RejectGroup } from '../domain/connections/outage.ts'
import { type RejectReason, reasonsOf } from '../domain/outbox/reject.ts'
import { code, escapeMrkdwn } from './mrkdwn.ts'
import { count, plural } from './words.ts'

const SHOWN = 5

/** Rejects by the CRM's reason, most frequent first, one line each, and a line for those beyond the fifth. */
export function rejectLines(groups: readonly RejectGroup[]): string[] {
  const { shown, rest } = topRejects(reasonsOf(groups))
  return [...shown.map((reason) => rejectLine(reason)), ...rest]
}

/** The most frequent ones, and the line that counts the others, if there are any. */
export function topRejects<R extends RejectReason>(
  reasons: readonly R[],
  most: number = SHOWN,
): { readonly shown: readonly R[]; readonly rest: readonly string[] } {
  const others = reasons.slice(most)
  const records = others.reduce((sum, reason) => sum + reason.count, 0)
  const rest = others.length === 0 ? [] : [`• ${count(records)} more for ${plural(others.length, 'other reason')}`]
  return { shown: reasons.slice(0, most), rest }
}

/** "• 2 × Required fields are missing (field `Email__c`, `REQUIRED_FIELD_MISSING`)"; of the CRM's words at most `cap` characters. */
export function rejectLine(reason: RejectReason, cap?: number): string {
  const where = [...(reason.field === null ? [] : [`field ${code(reason.field, 40)}`]), code(reason.code, 40)].join(', ')
  const words = escapeMrkdwn(reason.message, cap) || 'no reason given'
  return `• ${count(reason.count)} × ${reason.isExample ? 'for example: ' : ''}${words} (${where})`
}
