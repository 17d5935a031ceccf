import { HOLD_REASONS, type Hold } from '../domain/outbox/hold.ts'
import { date, personOr } from './mrkdwn.ts'
import { count } from './words.ts'

/** Why nothing is pushed for now, who said so, and what makes it go on. */
export function holdLines(holds: readonly Hold[], label: string): string[] {
  return peopleFirst(holds).map((hold) => line(hold, label))
}

/** The same in a few words, for lists. */
export function holdsText(holds: readonly Hold[]): string {
  return peopleFirst(holds).map(words).join(', ')
}

function peopleFirst(holds: readonly Hold[]): Hold[] {
  return holds.toSorted((a, b) => HOLD_REASONS.indexOf(a.reason) - HOLD_REASONS.indexOf(b.reason))
}

/** The lines without formatting, for notifications. */
export function plainWords(lines: readonly string[]): string {
  return lines.map((text) => text.replace(/^:\w+: /, '').replaceAll('*', '')).join(' ')
}

function line(hold: Hold, label: string): string {
  switch (hold.reason) {
    case 'paused':
      return `:raised_hand: *On hold* by ${personOr(hold.by, 'somebody')} ${date(hold.since)}. Nothing is pushed until somebody presses *Push on*; what comes in is kept.`
    case 'ask':
      return ':raised_hand: *Nothing is pushed until somebody presses Push now.* What comes in meanwhile is kept, and waits as well.'
    case 'budget':
      return `:hourglass_flowing_sand: *Pushing waits until ${until(hold)}*: ${spent(hold, label)} Redkey looks again then, and goes on by itself.`
    case 'rejects':
      return `:octagonal_sign: *Stopped* ${date(hold.since)}: ${label} refuses nearly everything. *Push on* is on the card that tells what.`
    default:
      return hold.reason satisfies never
  }
}

function words(hold: Hold): string {
  switch (hold.reason) {
    case 'paused':
      return `:raised_hand: pushing on hold by ${personOr(hold.by, 'somebody')} ${date(hold.since)}`
    case 'ask':
      return ':raised_hand: waits until somebody presses Push now'
    case 'budget':
      return `:hourglass_flowing_sand: pushing waits until ${until(hold)} for the API budget`
    case 'rejects':
      return ':octagonal_sign: stopped: nearly everything is refused'
    default:
      return hold.reason satisfies never
  }
}

/** "80 % of the 15,000 API requests that Salesforce allows in 24 hours are used." */
function spent({ detail: { usage } }: Hold, label: string): string {
  if (!usage) return `${label} says that the API requests it allows in 24 hours are used up.`
  const percent = Math.floor((usage.used / usage.limit) * 100)
  return `${percent} % of the ${count(usage.limit)} API requests that ${label} allows in 24 hours are used.`
}

function until(hold: Hold): string {
  return date(hold.until ?? hold.since)
}
