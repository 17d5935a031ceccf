import type { AcceptResult, OutboxStore } from '../../domain/outbox/outbox-store.ts'
import type { AcceptedTouchpoint } from '../../domain/outbox/touchpoint.ts'

type Accept = OutboxStore['accept']

interface Batch {
  readonly touchpoints: readonly AcceptedTouchpoint[]
  readonly at: Date
  resolve(results: AcceptResult[]): void
  reject(cause: unknown): void
}

/** Touchpoints of one transaction, unless one batch has more. */
const MOST = 1000

/**
 * While a batch of a connection is written, those that come meanwhile gather, and then go as one: many small requests cost little
 * more than a large one. (Their order is that of the connection's backlog anyway, whose row each of them locks.)
 */
export function groupAccept(accept: Accept): Accept {
  const lines = new Map<string, Batch[]>()

  async function write(connectionId: string, line: Batch[]): Promise<void> {
    while (line.length > 0) await writeGroup(accept, connectionId, nextGroup(line))
    lines.delete(connectionId)
  }

  return (connectionId, touchpoints, at) =>
    new Promise<AcceptResult[]>((resolve, reject) => {
      const batch = { touchpoints, at, resolve, reject }
      const line = lines.get(connectionId)
      if (line) {
        line.push(batch)
        return
      }
      const begun = [batch]
      lines.set(connectionId, begun)
      void write(connectionId, begun)
    })
}

/** Takes the first batches from the line whose ids are all different: an id may be in a transaction once. */
function nextGroup(line: Batch[]): Batch[] {
  const [first] = line
  let size = first?.touchpoints.length ?? 0
  let end = 1
  const ids = new Set<string>()
  const areNew = (batch: Batch) => batch.touchpoints.every(({ id }) => !ids.has(id))
  const note = (batch: Batch) => {
    for (const { id } of batch.touchpoints) ids.add(id)
  }
  if (first && size < MOST && line.length > 1) note(first)
  for (; end < line.length; end++) {
    const next = line[end]
    size += next?.touchpoints.length ?? 0
    if (!next || size > MOST || !areNew(next)) break
    note(next)
  }
  return line.splice(0, end)
}

async function writeGroup(accept: Accept, connectionId: string, group: readonly Batch[]): Promise<void> {
  const [only, ...others] = group
  if (!only) return
  try {
    const at = group.at(-1)?.at ?? only.at
    const touchpoints = others.length === 0 ? only.touchpoints : group.flatMap((batch) => batch.touchpoints)
    const results = await accept(connectionId, touchpoints, at)
    let from = 0
    for (const batch of group) {
      const to = from + batch.touchpoints.length
      batch.resolve(results.slice(from, to))
      from = to
    }
  } catch (cause) {
    if (others.length === 0) only.reject(cause)
    else for (const batch of group) await writeGroup(accept, connectionId, [batch]) // each is told of its own trouble
  }
}
