import type { Connection } from '../connections/connection.ts'
import type { Deps } from '../deps.ts'
import { type Escalation, inForce } from './escalation.ts'
import { asksDeputyAt, asksOnCallAt } from './reminders.ts'

type AskDeps = Pick<Deps, 'store' | 'slack' | 'settings'>

/**
 * Slack users and user groups that a card, or what is said below it, mentions: who is on it; else the owner, after 4 h the deputy as
 * well, and after 24 h whoever is on call. Never a deactivated person; where nobody of them is left, the next one is asked early.
 */
export async function whomToAsk(
  deps: AskDeps,
  { teamId, ownerId, deputyId }: Pick<Connection, 'teamId' | 'ownerId' | 'deputyId'>,
  escalation: Escalation | null,
  now: Date,
): Promise<string[]> {
  const claim = inForce(escalation?.claim ?? null, now)
  if (claim !== null && (await isThere(deps, teamId, claim.by))) return [claim.by]
  const openedAt = escalation?.openedAt ?? now
  const due = new Map<string, boolean>()
  const ask = (id: string | null, isDue: boolean) => id !== null && due.set(id, isDue || due.get(id) === true)
  ask(ownerId, true)
  ask(deputyId, asksDeputyAt(openedAt) <= now)
  ask(await onCallOf(deps, teamId), asksOnCallAt(openedAt) <= now)
  const there = await thereOf(deps, teamId, [...due.keys()])
  const asked = there.filter((id) => due.get(id))
  return asked.length > 0 ? asked : there.slice(0, 1)
}

/** Whoever is on call is somebody of the workspace of the settings. */
async function onCallOf({ store, settings }: AskDeps, teamId: string): Promise<string | null> {
  if (settings.onCall === null) return null
  return (await store.installations.find(teamId)) === undefined ? settings.onCall : null
}

/** Those who are not deactivated. Whom Slack can't tell of is thought to be there. */
export async function thereOf(deps: Pick<Deps, 'slack'>, teamId: string, ids: readonly string[]): Promise<string[]> {
  const isStill = await Promise.all(ids.map((id) => isThere(deps, teamId, id)))
  return ids.filter((_, place) => isStill[place])
}

async function isThere({ slack }: Pick<Deps, 'slack'>, teamId: string, id: string): Promise<boolean> {
  if (id.startsWith('S')) return true // a user group
  return (await slack.person(teamId, id))?.isDeactivated !== true
}
