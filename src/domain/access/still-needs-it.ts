import { type CardMember, openBeside } from '../cards/card-group.ts'
import type { Connection } from '../connections/connection.ts'
import type { Outage } from '../connections/outage.ts'
import type { Deps } from '../deps.ts'

/**
 * Of a card of several, once the connection of a link is back: another one that the link was for, too, and that needs a login still.
 * It has the same login, or all that are left have one.
 */
export async function stillNeedsIt(
  deps: Pick<Deps, 'store'>,
  { grantId }: Connection,
  over: Outage,
): Promise<CardMember | undefined> {
  const left = (await openBeside(deps, over)).filter(({ outage }) => outage.kind === 'authorization')
  const [same] = left.filter(({ connection }) => connection.grantId === grantId)
  if (same) return same
  return new Set(left.map(({ connection }) => connection.grantId)).size === 1 ? left[0] : undefined
}
