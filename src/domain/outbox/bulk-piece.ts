import type { BulkCrm, Mapping, ObjectMapping } from '../crm.ts'
import type { Deps } from '../deps.ts'
import { BULK_TARGETS, type BulkJob } from './bulk-job.ts'
import { recordMaker } from './mapping.ts'
import type { WaitingTouchpoint } from './touchpoint.ts'
import type { Touchpoint } from './touchpoint-schema.ts'

type PieceDeps = Pick<Deps, 'store' | 'stopping'>

/** What is read at once: it is all that is held. */
const PAGE = 1000
const PAGE_BYTES = 4_000_000

/** A touchpoint with what it is in a job. */
interface Encoded {
  readonly target: ObjectMapping
  /** `null`: it goes by an ordinary push. */
  readonly text: string | null
}

/** The part of a backlog that one job takes, read while it is sent: `upToKey` and `records` are true when `data` has ended. */
export interface Piece {
  readonly data: AsyncIterable<string>
  readonly upToKey: number
  readonly records: number
}

/**
 * Cut off where the CRM's limits are, and before a second id that the CRM may take for one that is in it: their order counts. Ends
 * early when the process is to end. What can't be told in bulk, or goes elsewhere, is passed over and goes on waiting, and so does
 * what must not come before it.
 */
export function pieceOf(
  { store, stopping }: PieceDeps,
  bulk: BulkCrm,
  job: BulkJob,
  mapping: Mapping,
  target: ObjectMapping,
): Piece {
  const encode = encoder(bulk, mapping)
  const ids = new Set<string>()
  const mayGo = chooser()
  const piece = { upToKey: job.afterKey, records: 0, data: data() }
  let bytes = 0
  let passed = 0

  /** False: it belongs to the next piece. */
  function takes(row: WaitingTouchpoint, text: string): boolean {
    const id = row.id.toLowerCase()
    bytes += Buffer.byteLength(text)
    if (ids.has(id) || bytes > bulk.maxBytes || piece.records === bulk.maxRecords) return false
    ids.add(id)
    piece.records++
    return true
  }

  async function* data(): AsyncGenerator<string> {
    while (!stopping.aborted && passed < 10 * bulk.maxRecords) {
      const rows = await store.bulkJobs.fresh(job.connectionId, piece.upToKey, PAGE, PAGE_BYTES)
      let text = ''
      let full = rows.length === 0
      for (const row of rows) {
        const encoded = encode(row)
        const mine = mayGo(row, encoded, target) ? encoded.text : null
        full = mine !== null && !takes(row, mine)
        if (full) break
        text += mine ?? ''
        piece.upToKey = row.key
        passed++
      }
      if (text !== '') yield text
      if (full) return
    }
  }

  return piece
}

/**
 * Asked row by row: whether it may go in a job for that target. None does that is the same record to the CRM as one that was passed
 * over.
 */
function chooser(): (row: WaitingTouchpoint, encoded: Encoded, target: ObjectMapping) => boolean {
  const passed = new Set<string>()
  return (row, encoded, target) => {
    const record = `${encoded.target.object} ${row.id.toLowerCase()}`
    const mayGo = encoded.target === target && encoded.text !== null && !passed.has(record)
    if (!mayGo && encoded.target.object === target.object) passed.add(record)
    return mayGo
  }
}

/**
 * What the next job is for: the target of the oldest touchpoint that may go in bulk. Undefined: none of the oldest may. It begins with
 * those before, which it passes over.
 */
export async function nextTarget(
  { store }: Pick<Deps, 'store'>,
  bulk: BulkCrm,
  connectionId: string,
  mapping: Mapping,
): Promise<Pick<BulkJob, 'target' | 'object' | 'externalIdField' | 'afterKey'> | undefined> {
  const encode = encoder(bulk, mapping)
  const rows = await store.bulkJobs.fresh(connectionId, 0, PAGE, PAGE_BYTES)
  const mayGo = chooser()
  const [first] = rows
  for (const row of rows) {
    const encoded = encode(row)
    const { target } = encoded
    if (!first || !mayGo(row, encoded, target)) continue
    const name = BULK_TARGETS.find((one) => mapping[one] === target) ?? 'touchpoints'
    return { target: name, object: target.object, externalIdField: target.externalIdField, afterKey: first.key - 1 }
  }
  return undefined
}

function encoder(bulk: BulkCrm, mapping: Mapping): (row: WaitingTouchpoint) => Encoded {
  const toRecord = recordMaker(mapping)
  return (row) => {
    const { target, record } = toRecord(JSON.parse(row.payload) as Touchpoint)
    return { target, text: bulk.encode(target, record) }
  }
}
