import { SECOND_MS } from '../../clock.ts'
import type { Verdict } from '../provider.ts'
import type { Decision, Health, HealthRules, Observation, OutageKind, Status } from './connection.ts'

const RECHECK_UNREACHABLE_MS = 15 * SECOND_MS

/** How a connection is while an outage of that kind is open. */
export const STATUS_OF: Readonly<Record<OutageKind, Status>> = {
  authorization: 'authorization_required',
  permission: 'permission_required',
  misconfigured: 'misconfigured',
}

/** What an observation makes of a connection's health. Pure: performs nothing, knows no clock. */
export function decide(health: Health, seen: Observation, now: Date, rules: HealthRules): Decision {
  if (health.status === 'paused') return { next: health, outage: { kind: 'keep' }, checkAgainInMs: rules.checkEveryMs }
  switch (seen.kind) {
    case 'proof':
      return proven(health, now, rules)
    case 'authorization_required':
      return seen.certain ? turn(health, 'authorization', seen, now, rules) : suspect(health, seen, now, rules)
    case 'refresh':
      return suspect(health, seen, now, rules)
    case 'permission':
      return turn(health, 'permission', seen, now, rules)
    case 'misconfigured':
      // Our own settings say nothing about the grant: what is red stays red.
      return health.status === 'connected' ? turn(health, 'misconfigured', seen, now, rules) : keep(health, rules.checkEveryMs)
    case 'rate_limited':
      return keep(health, Math.max(seen.retryAfterMs ?? 0, rules.checkEveryMs))
    case 'transient':
    case 'rejected':
      return unreachable(health, seen, now, rules)
    default:
      return seen satisfies never
  }
}

function proven(health: Health, now: Date, rules: HealthRules): Decision {
  const wasFine = health.status === 'connected'
  return {
    next: {
      status: 'connected',
      since: wasFine ? health.since : now,
      cause: null,
      explanation: null,
      suspectSince: null,
      unreachableSince: null,
      lastProofAt: now,
    },
    outage: wasFine
      ? { kind: 'keep' }
      : { kind: 'close', how: health.status === 'authorization_required' ? 'withdrawn' : 'recovered' },
    checkAgainInMs: rules.checkEveryMs,
  }
}

/**
 * An ambiguous refusal turns red only when it is seen again, long enough after the first time, and nothing worked in between. What
 * has turned red that way stays suspect, so that it counts when several users of one app are refused.
 */
function suspect(health: Health, seen: Verdict, now: Date, rules: HealthRules): Decision {
  if (health.status === 'authorization_required') return keep(health, rules.checkEveryMs)
  const since = doubtedSince(health)
  if (since === null) return keep({ ...health, suspectSince: now }, Math.min(rules.confirmAfterMs, rules.checkEveryMs))
  const waitMs = rules.confirmAfterMs - (now.getTime() - since.getTime())
  if (waitMs > 0) return keep(health, Math.min(waitMs, rules.checkEveryMs))
  const decision = turn(health, 'authorization', seen, now, rules)
  return { ...decision, next: { ...decision.next, suspectSince: since } }
}

/** Since when a login is in doubt; null when a call has worked since. */
export function doubtedSince({ suspectSince, lastProofAt }: Health): Date | null {
  return suspectSince !== null && suspectSince >= lastProofAt ? suspectSince : null
}

function turn(health: Health, as: OutageKind, seen: Verdict, now: Date, rules: HealthRules): Decision {
  const status = STATUS_OF[as]
  const settled = { ...health, suspectSince: null, unreachableSince: null }
  if (health.status === status) return keep(settled, rules.checkEveryMs)
  return {
    next: { ...settled, status, since: now, cause: causeOf(seen), explanation: seen.explanation },
    outage: { kind: health.status === 'connected' ? 'open' : 'change', as },
    checkAgainInMs: rules.checkEveryMs,
  }
}

function unreachable(health: Health, seen: Verdict, now: Date, rules: HealthRules): Decision {
  const since = health.unreachableSince ?? now
  const sinceMs = now.getTime() - since.getTime()
  const retryAfterMs = 'retryAfterMs' in seen ? (seen.retryAfterMs ?? 0) : 0
  const wait = Math.max(retryAfterMs, Math.min(rules.checkEveryMs, Math.max(RECHECK_UNREACHABLE_MS, sinceMs / 2)))
  return keep(health.unreachableSince ? health : { ...health, unreachableSince: since }, wait)
}

function keep(next: Health, checkAgainInMs: number): Decision {
  return { next, outage: { kind: 'keep' }, checkAgainInMs }
}

export function causeOf(verdict: Verdict): string {
  return 'cause' in verdict ? verdict.cause : verdict.code
}
