import type { Description } from '../../domain/connections/list.ts'
import type { Person } from '../../domain/slack.ts'
import { costChart } from '../../messages/charts/cost-chart.ts'
import { connectionDetails } from '../../messages/connection-details.ts'
import { canBeDrawn } from '../../messages/cost-blocks.ts'
import type { Illustrated } from './illustrated.ts'
import type { Inbound } from './inbound.ts'
import { listedFor } from './listed.ts'

/** How one connection is, for one person; an ad platform's with its costs, as a chart where Slack takes one. */
export async function details(
  { actions, look, clock, pictureWaitMs }: Pick<Inbound, 'actions' | 'look' | 'clock' | 'pictureWaitMs'>,
  teamId: string,
  person: Person | null,
  known: Extract<Description, { kind: 'found' }>,
): Promise<Illustrated> {
  const { overview, costs } = known
  const { connection } = overview
  const [listed] = await listedFor(actions, teamId, person, [overview])
  if (listed === undefined) throw new Error('One overview gave no row')
  const now = clock.now()
  const plain = connectionDetails(listed, known, look, now)
  if (!canBeDrawn(costs)) return plain
  const chart = costChart(connection.name, costs.history)
  const { altText } = chart
  return {
    ...plain,
    illustration: {
      fileId: actions.uploadChart(connection.teamId, connection.id, chart),
      patienceMs: pictureWaitMs,
      render: (fileId) => connectionDetails(listed, known, look, now, { fileId, altText }),
      refused: () => actions.chartRefused(connection.teamId, connection.id),
    },
  }
}
