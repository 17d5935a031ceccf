import type { RejectGroup } from '../domain/connections/outage.ts'
import { code, escapeMrkdwn } from './mrkdwn.ts'
import { count, plural } from './words.ts'

const SHOWN = 5
/** More different texts than this of one code and field: the CRM quotes each record's value in them, and it is one reason. */
const TEXTS_OF_ONE_REASON = 3

/** Rejects by the CRM's reason, most frequent first: "• 2 × Required fields are missing (field `Email__c`, `REQUIRED_FIELD_MISSING`)". */
export function rejectLines(groups: readonly RejectGroup[]): string[] {
  const sorted = reasons(groups).toSorted((a, b) => b.count - a.count)
  const lines = sorted.slice(0, SHOWN).map((group) => {
    const where = [...(group.field === null ? [] : [`field ${code(group.field, 40)}`]), code(group.code, 40)].join(', ')
    return `• ${count(group.count)} × ${escapeMrkdwn(group.message) || 'no reason given'} (${where})`
  })
  const rest = sorted.slice(SHOWN)
  if (rest.length === 0) return lines
  const records = rest.reduce((sum, group) => sum + group.count, 0)
  return [...lines, `• ${count(records)} more for ${plural(rest.length, 'other reason')}`]
}

function reasons(groups: readonly RejectGroup[]): RejectGroup[] {
  const alike = Map.groupBy(groups, ({ code, field }) => `${code} ${field}`)
  return [...alike.values()].flatMap((texts) => {
    const [first] = texts.toSorted((a, b) => b.count - a.count)
    if (!first || texts.length <= TEXTS_OF_ONE_REASON) return texts
    const total = texts.reduce((sum, group) => sum + group.count, 0)
    return [{ ...first, count: total, message: `for example: ${first.message}` }]
  })
}
