import { later } from '../../clock.ts'
import type { Connection } from '../connections/connection.ts'
import { type Crm, isCrm, type PushAnswer, type RecordOutcome } from '../crm.ts'
import type { Deps } from '../deps.ts'
import type { Asked, Verdict } from '../provider.ts'
import { backoffMs } from './backoff.ts'
import type { MappedRecord } from './mapping.ts'
import type { Settlement, WaitingTouchpoint } from './touchpoint.ts'

/** A claimed row with its record. All of a batch have the same target. */
export interface Ready {
  readonly row: WaitingTouchpoint
  readonly mapped: MappedRecord
}

export interface Pushed {
  readonly settlements: readonly Settlement[]
  /** Why pushing must stop; the rows without a settlement stay where they are, at no cost. */
  readonly stop: Verdict | null
}

type PushDeps = Pick<Deps, 'grants' | 'clock' | 'random'>

/**
 * One request to the CRM. A request that is refused as a whole because of what is in it is cut in halves until the record
 * that spoils it stands alone, so that a bad record never blocks the others.
 */
export async function pushBatch(deps: PushDeps, connection: Connection, batch: readonly Ready[]): Promise<Pushed> {
  const answer = await push(deps, connection, batch)
  if (answer.kind === 'ok') return settle(deps, batch, answer.value)
  if (answer.kind !== 'rejected') return { settlements: [], stop: answer }
  const [first, ...others] = batch
  if (first && others.length === 0) {
    return {
      settlements: [{ kind: 'rejected', key: first.row.key, code: answer.code, message: answer.explanation, field: null }],
      stop: null,
    }
  }
  const middle = Math.ceil(batch.length / 2)
  const left = await pushBatch(deps, connection, batch.slice(0, middle))
  // A record that is held must not keep the one that spoils the request from being found: they would meet again and again.
  if (left.stop && left.stop.kind !== 'permission') return left
  const right = await pushBatch(deps, connection, batch.slice(middle))
  return { settlements: [...left.settlements, ...right.settlements], stop: left.stop ?? right.stop }
}

function push(deps: PushDeps, connection: Connection, batch: readonly Ready[]): Promise<Asked<PushAnswer>> {
  const target = batch[0]?.mapped.target
  if (!target) throw new Error('an empty batch')
  return deps.grants.ask(connection, (tokens, provider) => {
    if (!isCrm(provider)) throw new Error(`${provider.name} is not a CRM`)
    return (provider satisfies Crm).push(
      tokens,
      target,
      batch.map((ready) => ready.mapped.record),
    )
  })
}

function settle({ clock, random }: PushDeps, batch: readonly Ready[], answer: PushAnswer): Pushed {
  let stop: Verdict | null = null
  const settlements: Settlement[] = []
  for (const [index, { row }] of batch.entries()) {
    const outcome: RecordOutcome = answer.outcomes[index] ?? {
      kind: 'retry',
      code: 'no_answer',
      message: 'no answer for this record',
    }
    switch (outcome.kind) {
      case 'pushed':
        settlements.push({ kind: 'pushed', key: row.key })
        break
      case 'rejected':
        settlements.push({ kind: 'rejected', key: row.key, code: outcome.code, message: outcome.message, field: outcome.field })
        break
      case 'retry':
        settlements.push({ kind: 'retry', key: row.key, dueAt: later(clock.now(), backoffMs(row.attempts + 1, random(), null)) })
        break
      case 'held':
        stop = outcome.verdict
        break
      default:
        outcome satisfies never
    }
  }
  return { settlements, stop }
}
