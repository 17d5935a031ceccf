import type { Connection } from '../connections/connection.ts'
import type { Deps } from '../deps.ts'
import { leaseUntil } from '../leases.ts'
import { type Escalation, inForce } from './escalation.ts'
import { newNotice } from './new-message.ts'
import { isLoud, isWanted, reminderAt, stepsCome } from './reminders.ts'
import { thereOf } from './whom-to-ask.ts'

type RemindDeps = Pick<Deps, 'store' | 'slack' | 'clock' | 'newId' | 'settings' | 'log'>

const CLAIM_AT_ONCE = 50

/**
 * Reminds below the cards that still ask for something. What is due stands in the store and is leased, so each reminder comes once; of
 * several whose time has come meanwhile only the newest does.
 */
export async function remindDue(deps: RemindDeps & Pick<Deps, 'rounds'>): Promise<number> {
  const { store, clock, rounds, log } = deps
  return rounds.run(async (holder) => {
    const now = clock.now()
    const due = await store.escalations.due(now, leaseUntil(now), holder, CLAIM_AT_ONCE)
    for (const escalation of due) {
      try {
        await remind(deps, escalation, holder)
      } catch (cause) {
        log.error('reminder.failed', { messageId: escalation.messageId }, cause) // its lease runs out, and it is due again
      }
    }
    return due.length
  })
}

async function remind(deps: RemindDeps, seen: Escalation, holder: string): Promise<void> {
  const { store, clock, log } = deps
  const card = await store.messages.find(seen.messageId)
  const connection = card?.connectionId ? await store.connections.find(card.connectionId) : undefined
  if (!card || !connection) return
  const now = clock.now()
  const step = stepsCome(seen.openedAt, now)
  const { claim, snooze } = seen
  const ranOut = claim !== null && inForce(claim, now) === null ? claim : null
  const woken = snooze !== null && inForce(snooze, now) === null ? snooze : null
  const reminder = {
    ...newNotice(deps, connection, card, {
      kind: 'reminder' as const,
      ranOut: ranOut && { by: await byOf(deps, connection, ranOut.by), at: ranOut.until.toISOString() },
      snoozed: woken && { by: await byOf(deps, connection, woken.by) },
    }),
    broadcast: isLoud(seen.step, step) || (await wasToBeLoud(deps, seen)),
  }
  const next = {
    claim: ranOut ? null : claim,
    snooze: woken ? null : snooze,
    step,
    remindAt: reminderAt(seen.openedAt, step + 1),
  }
  const told = isWanted(connection.reminders, step) ? reminder : null
  if (!(await store.escalations.remind(seen, holder, told, next, now)) || told === null) return
  log.info('reminder.due', { connectionId: connection.id, messageId: seen.messageId, step })
}

async function byOf(deps: RemindDeps, { teamId }: Connection, by: string): Promise<string | null> {
  return (await thereOf(deps, teamId, [by]))[0] ?? null
}

/** The last reminder never came (Slack was down): this one stands in its place. */
async function wasToBeLoud({ store }: RemindDeps, { reminderId }: Escalation): Promise<boolean> {
  const last = reminderId === null ? undefined : await store.messages.find(reminderId)
  return last !== undefined && last.ts === null && last.broadcast
}
