import { later, MINUTE_MS } from '../../clock.ts'
import type { Message } from '../cards/card.ts'
import { newMessage, newReport } from '../cards/new-message.ts'
import { reminderAt } from '../cards/reminders.ts'
import type { Deps } from '../deps.ts'
import { leaseUntil } from '../leases.ts'
import { askHold } from '../outbox/hold.ts'
import type { Verdict } from '../provider.ts'
import type { AuditEntry } from './audit-entry.ts'
import type { Connection, Decision, HealthRules, Observation, OutageKind } from './connection.ts'
import type { HealthChange } from './connection-store.ts'
import { considerApp, DOUBT_OF_APP_MS } from './consider-app.ts'
import { causeOf, decide, doubtedSince } from './decide.ts'
import type { Outage } from './outage.ts'

/** Breaking again this soon uses the same card again. */
const REUSE_CARD_MS = 30 * MINUTE_MS

export type ObserveDeps = Pick<Deps, 'store' | 'clock' | 'log' | 'newId' | 'settings' | 'meters'>

/**
 * Records what a check or a real call showed: health, outage and card change together or not at all. Whoever loses a race
 * against another machine looks again; what was asked with a login that has been replaced meanwhile says nothing any more.
 */
export async function observe(deps: ObserveDeps, connection: Connection, seen: Observation): Promise<void> {
  let current: Connection | undefined = connection
  // What a push proved while this was asked changes no version, and outranks it.
  if (isAmbiguous(seen) && connection.health.suspectSince) current = await deps.store.connections.find(connection.id)
  for (let attempt = 0; current && current.grantId === connection.grantId && attempt < 3; attempt++) {
    if (await record(deps, current, seen)) return
    current = await deps.store.connections.find(connection.id)
  }
}

async function record(deps: ObserveDeps, connection: Connection, seen: Observation): Promise<boolean> {
  const { store, clock, log } = deps
  const now = clock.now()
  const decision = decide(connection.health, seen, now, await rulesFor(deps, connection, seen))
  const nextCheckAt = later(now, decision.checkAgainInMs)
  if (isPlainProof(connection, seen, decision)) {
    await store.connections.prove(connection.id, now)
    await store.checks.reschedule(connection.id, nextCheckAt)
    return true
  }
  if (decision.next === connection.health) {
    await store.checks.reschedule(connection.id, nextCheckAt)
    return true
  }
  const changed = await store.connections.changeHealth(await healthChange(deps, connection, seen, decision, now, nextCheckAt))
  if (!changed) return false
  if (changed.health.status !== connection.health.status) {
    log.info('connection.status_changed', {
      connectionId: connection.id,
      from: connection.health.status,
      to: changed.health.status,
    })
  }
  // The doubt stands in the store now, where the other users' doubts are.
  if (decision.next.suspectSince === now) await considerApp(deps, changed, seen)
  return true
}

/** A login whose app is in trouble is given longer. */
async function rulesFor(deps: ObserveDeps, connection: Connection, seen: Observation): Promise<HealthRules> {
  const { checkEveryMs, confirmAfterMs } = deps.settings
  const isSecond = isAmbiguous(seen) && connection.health.status !== 'authorization_required' && doubtedSince(connection.health)
  if (!isSecond || !(await considerApp(deps, connection, seen))) return { checkEveryMs, confirmAfterMs }
  return { checkEveryMs, confirmAfterMs: Math.max(confirmAfterMs, DOUBT_OF_APP_MS) }
}

function isAmbiguous(seen: Observation): seen is Verdict {
  return seen.kind === 'refresh' || (seen.kind === 'authorization_required' && !seen.certain)
}

function isPlainProof(connection: Connection, seen: Observation, decision: Decision): boolean {
  const { health } = connection
  return (
    seen.kind === 'proof' &&
    decision.outage.kind === 'keep' &&
    health.status === 'connected' &&
    !health.suspectSince &&
    !health.unreachableSince
  )
}

async function healthChange(
  deps: ObserveDeps,
  connection: Connection,
  seen: Observation,
  decision: Decision,
  now: Date,
  nextCheckAt: Date,
): Promise<HealthChange> {
  const { store, newId } = deps
  const change: HealthChange = {
    seen: connection,
    next: decision.next,
    openOutage: null,
    card: null,
    reuseCardClosedAfter: later(now, -REUSE_CARD_MS),
    storm: deps.settings.storm,
    remindAt: null,
    alert: null,
    changeOutage: null,
    closeOutage: null,
    nextCheckAt,
    audit: null,
  }
  const { outage } = decision
  if (outage.kind === 'keep') return change
  const audit = auditEntry(deps, connection, seen, decision, now)
  if (outage.kind === 'close') {
    const overview = await store.connections.overview(connection.id)
    const card = overview?.outage ? await store.messages.ofOutage(overview.outage.id) : undefined
    const catchUpId = newId()
    const report = await newReport(deps, connection, catchUpId, card)
    return { ...change, closeOutage: { how: outage.how, at: now, catchUpId, report, hold: askHold(deps, connection) }, audit }
  }
  const told = { kind: outage.as, cause: decision.next.cause ?? '', explanation: decision.next.explanation ?? '' }
  if (outage.kind === 'change') {
    const open = (await store.connections.overview(connection.id))?.outage ?? null
    const asking = open ? askingOf(deps, connection, open.id, outage.as, now) : {}
    return { ...change, ...asking, changeOutage: told, card: await missingCard(deps, connection, open, outage.as), audit }
  }
  const opened: Outage = {
    id: newId(),
    connectionId: connection.id,
    ...told,
    lastProofAt: connection.health.lastProofAt,
    openedAt: now,
    closedAt: null,
    closedHow: null,
    closedBy: null,
    closedByUsername: null,
    superseded: 0,
    loginBegunAt: null,
    cardId: null,
  }
  const isTold = outage.as === 'misconfigured' && (await isToldElsewhere(deps, connection))
  const card = isTold ? null : newMessage(deps, connection, 'outage', { outageId: opened.id })
  return { ...change, ...askingOf(deps, connection, opened.id, outage.as, now), openOutage: opened, card, audit }
}

/** What asks people for something reminds them, and says so where an edit of a card tells it. The operator's card does neither. */
function askingOf(
  deps: ObserveDeps,
  connection: Connection,
  outageId: string,
  as: OutageKind,
  now: Date,
): Partial<Pick<HealthChange, 'remindAt' | 'alert'>> {
  if (as === 'misconfigured') return {}
  const alert = newMessage(deps, connection, 'notice', { outageId, broadcast: true, notice: { kind: 'asks_anew' } })
  return { remindAt: reminderAt(now, 1), alert }
}

/** The operator's card stands for the whole app: one that is open, or that another connection is about to open. */
async function isToldElsewhere({ store, clock }: ObserveDeps, { id, teamId, provider, grantId }: Connection): Promise<boolean> {
  if (await store.outages.openMisconfigured(grantId)) return true
  const now = clock.now()
  const { clientId, tokenOrigin } = (await store.grants.find(grantId)) ?? {}
  const lease = ['operator-card', teamId, provider, clientId, tokenOrigin].join(' ')
  return !(await store.leases.take(lease, id, now, leaseUntil(now)))
}

/** An outage that the card of another connection told needs one of its own as soon as it turns out to be its own trouble. */
async function missingCard(
  deps: ObserveDeps,
  connection: Connection,
  outage: Outage | null,
  as: OutageKind,
): Promise<Message | null> {
  if (!outage || as === 'misconfigured' || (await deps.store.messages.ofOutage(outage.id))) return null
  return newMessage(deps, connection, 'outage', { outageId: outage.id })
}

function auditEntry(
  { newId }: Pick<Deps, 'newId'>,
  connection: Connection,
  seen: Observation,
  decision: Decision,
  at: Date,
): AuditEntry {
  const lost = {
    connected: 'recovered',
    paused: 'recovered',
    authorization_required: 'authorization_lost',
    permission_required: 'permission_lost',
    misconfigured: 'misconfigured',
  } as const
  return {
    id: newId(),
    teamId: connection.teamId,
    connectionId: connection.id,
    actor: null,
    action: lost[decision.next.status],
    detail: seen.kind === 'proof' ? '' : causeOf(seen),
    at,
  }
}
