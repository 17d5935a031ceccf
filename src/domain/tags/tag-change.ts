import type { AuditEntry } from '../connections/audit-entry.ts'
import type { Connection } from '../connections/connection.ts'
import type { Deps } from '../deps.ts'
import type { Asked } from '../provider.ts'
import type { AdScan, TagChange } from './ad-scan.ts'

export type ScanDeps = Pick<Deps, 'store' | 'grants' | 'providers' | 'clock' | 'newId' | 'log' | 'random' | 'stopping'> & {
  readonly holder: string
}

type Intended = Pick<TagChange, 'target' | 'targetId' | 'targetName' | 'before' | 'after' | 'added'>

export const CLAIM_LOST = 'claim_lost'

/**
 * Makes a change at a provider, with its record written before: so none is made that can't be undone. A change whose answer was lost
 * keeps its record, and `again` goes on with it. Answers when it was made.
 */
export async function makeChange(
  deps: ScanDeps,
  connection: Connection,
  scan: AdScan,
  intended: Intended,
  again: TagChange | null,
  make: () => Promise<Asked<Pick<TagChange, 'before' | 'after'>>>,
): Promise<Asked<Date>> {
  const { store, clock, newId, holder, log } = deps
  const fresh = { id: newId(), connectionId: connection.id, by: null, madeAt: null, undoneAt: null, undoneBy: null }
  const change: TagChange = { ...(again ?? fresh), ...intended, at: clock.now() }
  if (!(await store.adScans.intend(scan, holder, change)))
    return { kind: 'transient', retryAfterMs: null, code: CLAIM_LOST, explanation: 'Another process looks at this account.' }
  const asked = await make()
  const at = clock.now()
  if (asked.kind === 'ok') {
    await store.adScans.made({ ...change, ...asked.value, madeAt: at }, auditOf(deps, connection, change, 'tags_set', null))
    log.info('tags.set', { connectionId: connection.id, target: change.target, targetId: change.targetId })
    return { kind: 'ok', value: at }
  }
  // Whatever else was said, the change may have been made; of an earlier try only a refusal for good says that it was not.
  if (asked.kind === 'rejected' || (again === null && asked.kind !== 'transient')) await store.adScans.refused(change.id)
  return asked
}

export function auditOf<Actor extends string | null>(
  { newId, clock }: Pick<Deps, 'newId' | 'clock'>,
  { id: connectionId, teamId }: Connection,
  { targetName, added }: Pick<TagChange, 'targetName' | 'added'>,
  action: 'tags_set' | 'tags_undone',
  actor: Actor,
): AuditEntry & { readonly actor: Actor } {
  return { id: newId(), teamId, connectionId, actor, action, detail: `${targetName}: ${added}`, at: clock.now() }
}
