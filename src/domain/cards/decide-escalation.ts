import { HOUR_MS, later } from '../../clock.ts'
import { type Escalation, inForce, type Said } from './escalation.ts'
import { reminderAt } from './reminders.ts'

/** Whoever is on it and does nothing is asked again after this. */
const CLAIM_MS = 4 * HOUR_MS

/** What somebody pressed, on a card that showed `version` of its escalation. */
export interface Act {
  readonly by: string
  readonly version: number
  readonly what:
    | { readonly kind: 'claim' }
    | { readonly kind: 'release' }
    | { readonly kind: 'snooze'; readonly until: Date }
    | { readonly kind: 'wake' }
}

type Next = Pick<Escalation, 'claim' | 'snooze' | 'last' | 'remindAt'>

export type EscalationDecision =
  /** `from`: who was on it, and is no more. */
  | { readonly kind: 'claim'; readonly next: Next; readonly claim: Said; readonly from: string | null }
  | { readonly kind: 'release'; readonly next: Next }
  | { readonly kind: 'snooze'; readonly next: Next; readonly snooze: Said }
  | { readonly kind: 'wake'; readonly next: Next }
  /** Somebody is on it already: another than the card showed, or whoever pressed. */
  | { readonly kind: 'already_claimed'; readonly claim: Said }
  /** There is no claim of theirs to release: nobody is on it, or somebody else is. `ended`: of the claim that was last. */
  | { readonly kind: 'not_claimed'; readonly ended: Ended | null }
  | { readonly kind: 'already_snoozed'; readonly snooze: Said }
  | { readonly kind: 'not_snoozed'; readonly ended: Ended | null }
  | { readonly kind: 'over' }

/** Who ended a claim or a snooze; `by` null: its time ran out. */
export interface Ended {
  readonly by: string | null
  readonly at: Date
}

/**
 * What becomes of a press. Pure. One that goes against what its presser can't have seen changes nothing: somebody who presses *I'm on
 * it* on a card that showed nobody does not push aside whoever was faster, and on a card that showed them, takes over. Nobody takes
 * over from themselves.
 */
export function decideEscalation(seen: Escalation, act: Act, now: Date): EscalationDecision {
  if (seen.endedAt !== null) return { kind: 'over' }
  const claim = inForce(seen.claim, now)
  const snooze = inForce(seen.snooze, now)
  const hasSeenIt = act.version === seen.version
  const next: Next = {
    claim: seen.claim,
    snooze: seen.snooze,
    remindAt: seen.remindAt,
    last: { action: act.what.kind, by: act.by, at: now },
  }
  switch (act.what.kind) {
    case 'claim': {
      if (claim !== null && (!hasSeenIt || claim.by === act.by)) return { kind: 'already_claimed', claim }
      const own = { by: act.by, at: now, until: later(now, CLAIM_MS) }
      return { kind: 'claim', next: { ...next, claim: own }, claim: own, from: claim?.by ?? null }
    }
    case 'release':
      if (claim === null) return { kind: 'not_claimed', ended: endOf(seen, seen.claim, 'release') }
      if (claim.by !== act.by) return { kind: 'already_claimed', claim }
      return { kind: 'release', next: { ...next, claim: null } }
    case 'snooze': {
      if (snooze !== null && !hasSeenIt) return { kind: 'already_snoozed', snooze }
      const own = { by: act.by, at: now, until: act.what.until }
      return { kind: 'snooze', next: { ...next, snooze: own, remindAt: own.until }, snooze: own }
    }
    case 'wake':
      if (snooze === null) return { kind: 'not_snoozed', ended: endOf(seen, seen.snooze, 'wake') }
      return { kind: 'wake', next: { ...next, snooze: null, remindAt: reminderAt(seen.openedAt, seen.step + 1) } }
    default:
      return act.what satisfies never
  }
}

/** How what is over came to its end, as far as it is still known. */
function endOf({ last }: Escalation, over: Said | null, action: 'release' | 'wake'): Ended | null {
  if (over !== null) return { by: null, at: over.until }
  return last?.action === action ? { by: last.by, at: last.at } : null
}
