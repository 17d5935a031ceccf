import { later } from '../../clock.ts'
import { newNotice } from '../cards/new-message.ts'
import type { Deps } from '../deps.ts'
import { LOGIN_MS } from './departure.ts'

/** Somebody pressed Reauthorize on a card. The link itself writes nothing; the press in Slack does. */
export async function noteLoginBegun(
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
  teamId: string,
  outageId: string,
): Promise<void> {
  const outage = await store.outages.find(outageId)
  const connection = outage && (await store.connections.find(outage.connectionId))
  if (connection?.teamId !== teamId) return
  await store.outages.loginBegun(outageId, clock.now())
}

/** A login that has not come back is noted in the card's thread, with what usually stops it. */
export async function noteLoginsNotFinished(
  deps: Pick<Deps, 'store' | 'clock' | 'newId' | 'settings' | 'providers'>,
): Promise<number> {
  const { store, clock, providers } = deps
  const now = clock.now()
  const outages = await store.outages.loginsNotFinished(later(now, -LOGIN_MS))
  let noted = 0
  for (const outage of outages) {
    const connection = await store.connections.find(outage.connectionId)
    const card = await store.messages.ofOutage(outage.id)
    if (!connection || !card) continue
    const label = providers.get(connection.provider)?.label ?? connection.provider
    const notice = newNotice(deps, connection, card, { kind: 'login_not_finished', provider: label })
    if (await store.outages.noteLoginNotFinished(outage, notice, now)) noted++
  }
  return noted
}
