import type { RejectGroup } from '../domain/connections/outage.ts'
import { code, escapeMrkdwn } from './mrkdwn.ts'
import { count, plural } from './words.ts'

const SHOWN = 5

/** Rejects by the CRM's reason, most frequent first: "• 2 × Required fields are missing (field `Email__c`, `REQUIRED_FIELD_MISSING`)". */
export function rejectLines(groups: readonly RejectGroup[]): string[] {
  const sorted = groups.toSorted((a, b) => b.count - a.count)
  const lines = sorted.slice(0, SHOWN).map((group) => {
    const where = [...(group.field === null ? [] : [`field ${code(group.field, 40)}`]), code(group.code, 40)].join(', ')
    return `• ${count(group.count)} × ${escapeMrkdwn(group.message) || 'no reason given'} (${where})`
  })
  const rest = sorted.slice(SHOWN)
  if (rest.length === 0) return lines
  const records = rest.reduce((sum, group) => sum + group.count, 0)
  return [...lines, `• ${count(records)} more for ${plural(rest.length, 'other reason')}`]
}
