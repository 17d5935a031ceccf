import type { AdFacts, CardFacts } from '../domain/cards/card.ts'
import { plainWords } from './hold-lines.ts'
import { date } from './mrkdwn.ts'
import { count } from './words.ts'

/** What does not happen while a connection is down, in lines. `after`: what will bring it back, "after reauthorization". */
export function impact({ connection, backlog, ads }: CardFacts, after: string): string[] {
  if (connection.kind === 'ads') return adsImpact(ads, after)
  return [`New touchpoints are not pushed and existing ones not updated. ${waiting(backlog.waiting, after)}`]
}

function waiting(n: number, after: string): string {
  if (n === 0) return `None is waiting yet; what comes in is kept and will be pushed ${after}.`
  return `*${count(n)} ${n === 1 ? 'is' : 'are'} waiting* and will be pushed ${after}.`
}

function adsImpact(ads: AdFacts | null, after: string): string[] {
  const costsAt = ads?.costsAt ?? null
  const missed = `The missed days are downloaded ${after}, as far back as the provider tells.`
  return [
    costsAt === null
      ? `No cost data has been downloaded yet. ${missed}`
      : `Cost data has not been downloaded since ${date(costsAt)}. ${missed}`,
    ...taggingImpact(ads?.tagging ?? null),
  ]
}

/** UTM parameters are never retroactive: nothing here may sound as if they were. */
function taggingImpact(tagging: AdFacts['tagging']): string[] {
  switch (tagging) {
    case null:
      return []
    case 'each_ad':
      return ["New ads get no UTM parameters; touchpoints from them can't be tagged later."]
    case 'inherited':
      return [
        'New ads get no UTM parameters from Redkey, only what they inherit from the settings that are there; ' +
          "touchpoints from ads without them can't be tagged later.",
      ]
    default:
      return tagging satisfies never
  }
}

/** The same without formatting, for notifications. */
export function impactText(facts: CardFacts, after: string): string {
  return plainWords(impact(facts, after))
}
