import type { RecentCosts } from '../domain/costs/read-costs.ts'
import { type Block, image, section } from './blocks.ts'
import { costSparkline } from './charts/cost-sparkline.ts'
import { costLines, isKnown } from './cost-words.ts'

/** A chart that Slack has. */
export interface ShownChart {
  readonly fileId: string
  readonly altText: string
}

/** Whether there is anything to draw. */
export function canBeDrawn(costs: RecentCosts | null): costs is Extract<RecentCosts, { kind: 'known' }> {
  return costs?.kind === 'known' && costs.history.days.some(isKnown)
}

/** The costs of an ad platform's last days. Without a chart the days are drawn as text. */
export function costBlocks(costs: RecentCosts, label: string, chart: ShownChart | null): Block[] {
  const drawing = canBeDrawn(costs) && chart === null ? costSparkline(costs.history) : ''
  return [section(...costLines(costs, label), drawing), ...(chart === null ? [] : [image(chart.fileId, chart.altText)])]
}
