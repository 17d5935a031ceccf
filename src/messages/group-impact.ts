import type { CardMember } from '../domain/cards/card-group.ts'
import { date } from './mrkdwn.ts'
import { count, plural } from './words.ts'

/** What does not happen while connections are down, for all that are. `after`: what will bring them back. */
export function groupImpact(open: readonly CardMember[], after: string): string[] {
  return [...crms(open, after), ...ads(open, after)]
}

function crms(open: readonly CardMember[], after: string): string[] {
  const those = open.filter(({ connection }) => connection.kind === 'crm')
  if (those.length === 0) return []
  const waiting = those.reduce((sum, one) => sum + one.waiting, 0)
  const kept = `will be pushed ${after}.`
  return [
    `${plural(those.length, 'CRM')}: new touchpoints are not pushed and existing ones not updated. ` +
      (waiting === 0
        ? `None is waiting yet; what comes in is kept and ${kept}`
        : `*${count(waiting)} ${waiting === 1 ? 'is' : 'are'} waiting* and ${kept}`),
  ]
}

function ads(open: readonly CardMember[], after: string): string[] {
  const those = open.filter(({ connection }) => connection.kind === 'ads')
  if (those.length === 0) return []
  const times = those.flatMap(({ costsAt }) => costsAt?.getTime() ?? [])
  const since = times.length === 0 ? '' : `, the first of them since ${date(new Date(Math.min(...times)))}`
  const tagging = those.filter(({ isTagging }) => isTagging).length
  return [
    `${plural(those.length, 'ad account')}: no cost data is downloaded${since}. The missed days are downloaded ${after}, as far back as the provider tells.`,
    ...(tagging === 0
      ? []
      : [
          `New ads of ${tagging === those.length ? 'all of them' : count(tagging)} get no UTM parameters from Redkey; touchpoints from ads without them can't be tagged later.`,
        ]),
  ]
}
