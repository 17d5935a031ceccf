import { pause, SECOND_MS } from '../../clock.ts'
import type { MessageFacts } from '../../domain/cards/card.ts'
import type { Posting } from '../../domain/slack.ts'
import type { Chart } from '../../messages/charts/chart.ts'
import { uptimeChart } from '../../messages/charts/uptime-chart.ts'
import { hasPicture } from '../../messages/digest/digest-message.ts'
import type { ChartUploader } from './chart-uploader.ts'
import type { Poster } from './poster.ts'

interface Illustrating {
  readonly charts: ChartUploader
  /** How long other messages are held up by an upload. */
  readonly waitMs: number
}

/** Slack looks through a new file before it shows it, which takes about a second; after so many tries it is told in words. */
const TRIES = 4
/** For whatever reasons, and in whichever processes. */
const MOST_ATTEMPTS = 20
const AGAIN_MS = 2 * SECOND_MS
const MOST_KEPT = 100

/** Shows digests with their picture. One that is not there yet is waited for by the row behind the message, not here. */
export function illustrated(poster: Poster, { charts, waitMs }: Illustrating): Poster {
  const tries = new Map<string, number>()

  async function show(facts: MessageFacts, send: (facts: MessageFacts) => Promise<Posting>): Promise<Posting> {
    const chart = chartOf(facts)
    if (chart === null || facts.connection !== null) return send(facts)
    const { id, attempts } = facts.message
    const tried = tries.get(id) ?? 0
    const pictureId = tried >= TRIES || attempts >= MOST_ATTEMPTS ? null : await within(charts.upload(id, chart), waitMs)
    if (pictureId === 'late') return again(id, tried, 'picture_under_way')
    const posting = await send({ ...facts, pictureId })
    if (posting.kind !== 'unacceptable' || pictureId === null) return posting
    charts.refused(id)
    return again(id, tried, 'picture_not_shown')
  }

  function again(id: string, tried: number, reason: string): Posting {
    tries.delete(id)
    for (const oldest of tries.keys()) {
      if (tries.size < MOST_KEPT) break
      tries.delete(oldest)
    }
    tries.set(id, tried + 1)
    return { kind: 'later', afterMs: AGAIN_MS, reason }
  }

  return {
    ...poster,
    post: (place, facts) => show(facts, (shown) => poster.post(place, shown)),
    update: (place, facts) => show(facts, (shown) => poster.update(place, shown)),
  }
}

function chartOf(facts: MessageFacts): Chart | null {
  if (facts.connection !== null || facts.digest === null || !hasPicture(facts.digest)) return null
  return uptimeChart(facts.digest)
}

function within<T>(promise: Promise<T>, ms: number): Promise<T | 'late'> {
  return Promise.race([promise, pause(ms).then(() => 'late' as const)])
}
