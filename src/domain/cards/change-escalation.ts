import { whyNotMember } from '../access/rights.ts'
import type { AuditEntry } from '../connections/audit-entry.ts'
import type { Outage } from '../connections/outage.ts'
import type { Deps } from '../deps.ts'
import type { Person } from '../slack.ts'
import { openBeside } from './card-group.ts'
import { type Act, decideEscalation, type EscalationDecision } from './decide-escalation.ts'
import type { Escalation } from './escalation.ts'
import { type Snooze, snoozeUntil } from './snooze-until.ts'

/** What is on the buttons of a card: of which outage, as of which version of its escalation, and what is wanted. */
export interface Press {
  readonly outageId: string
  readonly version: number
  readonly what: 'claim' | 'release' | 'wake' | Snooze
}

export type EscalationChanged =
  | Exclude<EscalationDecision, { readonly kind: 'over' }>
  /** The outage is over: nobody needs to do anything. */
  | { readonly kind: 'over'; readonly outage: Outage }
  /** Others changed it again and again meanwhile. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'not_allowed'; readonly reason: NonNullable<ReturnType<typeof whyNotMember>> }
  | { readonly kind: 'gone' }

type ChangeDeps = Pick<Deps, 'store' | 'clock' | 'newId' | 'log'>

const AUDITED = {
  claim: 'claimed',
  release: 'claim_released',
  snooze: 'snoozed',
  wake: 'snooze_ended',
} as const satisfies Record<string, AuditEntry['action']>

/** A full member takes on what a card asks for, gives it back, or holds its reminders. */
export async function changeEscalation(
  deps: ChangeDeps,
  teamId: string,
  person: Person,
  press: Press,
): Promise<EscalationChanged> {
  const { store, clock, log } = deps
  const outage = await store.outages.find(press.outageId)
  const connection = outage && (await store.connections.find(outage.connectionId))
  if (!connection || connection.teamId !== teamId) return { kind: 'gone' }
  const reason = whyNotMember(person, teamId)
  if (reason) return { kind: 'not_allowed', reason }
  // A lost race shows others' work: what they did decides what is left to do.
  for (let attempt = 0; attempt < 5; attempt++) {
    const now = clock.now()
    const found = await look(deps, press.outageId)
    if (found.kind !== 'open') return found
    const decision = decideEscalation(found.escalation, actOf(person, press, now), now)
    if (decision.kind === 'over') continue // it ends at this moment
    if (!('next' in decision)) return decision
    const audit = auditEntry(deps, connection, person, decision, now)
    if (!(await store.escalations.change(found.escalation, decision.next, audit, now))) continue
    log.info('escalation.changed', { connectionId: connection.id, outageId: outage.id, what: decision.kind })
    return decision
  }
  return { kind: 'busy' }
}

type Found =
  | { readonly kind: 'open'; readonly escalation: Escalation }
  | Extract<EscalationChanged, { readonly kind: 'over' | 'gone' }>

async function look({ store }: ChangeDeps, outageId: string): Promise<Found> {
  const outage = await store.outages.find(outageId)
  if (!outage) return { kind: 'gone' }
  if (outage.closedAt !== null && (await openBeside({ store }, outage)).length === 0) return { kind: 'over', outage }
  const card = await store.messages.ofOutage(outageId)
  const escalation = card && (await store.escalations.ofCard(card.id))
  return escalation ? { kind: 'open', escalation } : { kind: 'gone' }
}

function actOf({ id: by, timeZone }: Person, { version, what }: Press, now: Date): Act {
  switch (what) {
    case 'claim':
    case 'release':
    case 'wake':
      return { by, version, what: { kind: what } }
    case '1h':
    case '4h':
    case 'tomorrow':
      return { by, version, what: { kind: 'snooze', until: snoozeUntil(what, timeZone, now) } }
    default:
      return what satisfies never
  }
}

function auditEntry(
  { newId }: ChangeDeps,
  { id: connectionId, teamId }: { readonly id: string; readonly teamId: string },
  person: Person,
  decision: Extract<EscalationDecision, { readonly next: unknown }>,
  at: Date,
): AuditEntry {
  const detail =
    decision.kind === 'snooze' ? `until ${decision.snooze.until.toISOString().slice(0, 16).replace('T', ' ')} UTC` : ''
  return { id: newId(), teamId, connectionId, actor: person.id, action: AUDITED[decision.kind], detail, at }
}
