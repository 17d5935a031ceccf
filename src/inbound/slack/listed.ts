import type { ConnectionOverview } from '../../domain/connections/connection-store.ts'
import type { Person } from '../../domain/slack.ts'
import type { ListedConnection } from '../../messages/connection-rows.ts'
import type { SlackActions } from './actions.ts'

/** Connections as one person is shown them: with personal links on the red ones, for whom they may be made. */
export function listedFor(
  actions: Pick<SlackActions, 'offers' | 'reauthorizeLink'>,
  teamId: string,
  person: Person | null,
  overviews: readonly ConnectionOverview[],
): Promise<ListedConnection[]> {
  const labels = new Map(actions.offers().map(({ name, label }) => [name, label]))
  return Promise.all(
    overviews.map(async (overview) => {
      const { connection, outage } = overview
      const isRed = connection.health.status === 'authorization_required'
      const link = isRed && person !== null ? await actions.reauthorizeLink(teamId, person, connection.name, outage?.id) : null
      return {
        overview,
        providerLabel: labels.get(connection.provider) ?? connection.provider,
        reauthorizeUrl: link?.kind === 'link' ? link.url : null,
      }
    }),
  )
}
