import type { RejectGroup } from '../domain/connections/outage.ts'
import { code, escapeMrkdwn } from './mrkdwn.ts'
import { count, plural } from './words.ts'

const SHOWN = 5

/** Rejects by the CRM's reason, most frequent first, one line each, and a line for those beyond the fifth. */
export function rejectLines(groups: readonly RejectGroup[]): string[] {
  const { shown, rest } = topRejects(groups, SHOWN)
  return [...shown.map((group) => rejectLine(group)), ...rest]
}

/** The most frequent ones, and the line that counts the others, if there are any. */
export function topRejects<G extends RejectGroup>(
  groups: readonly G[],
  most: number = SHOWN,
): { readonly shown: readonly G[]; readonly rest: readonly string[] } {
  const sorted = groups.toSorted((a, b) => b.count - a.count)
  const others = sorted.slice(most)
  const records = others.reduce((sum, group) => sum + group.count, 0)
  const rest = others.length === 0 ? [] : [`• ${count(records)} more for ${plural(others.length, 'other reason')}`]
  return { shown: sorted.slice(0, most), rest }
}

/** "• 2 × Required fields are missing (field `Email__c`, `REQUIRED_FIELD_MISSING`)"; of the CRM's words at most `cap` characters. */
export function rejectLine(group: RejectGroup, cap?: number): string {
  const where = [...(group.field === null ? [] : [`field ${code(group.field, 40)}`]), code(group.code, 40)].join(', ')
  return `• ${count(group.count)} × ${escapeMrkdwn(group.message, cap) || 'no reason given'} (${where})`
}
