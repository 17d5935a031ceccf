import { type Refusal, whyNotChange } from '../access/rights.ts'
import { askAds } from '../ask-ads.ts'
import { accountOf, type Connection } from '../connections/connection.ts'
import type { Deps } from '../deps.ts'
import type { Asked, Verdict } from '../provider.ts'
import type { Person } from '../slack.ts'
import type { TagChange } from './ad-scan.ts'
import { isSame, takeAway } from './parameters.ts'
import { auditOf } from './tag-change.ts'

type UndoDeps = Pick<Deps, 'store' | 'grants' | 'clock' | 'newId' | 'settings' | 'log'>

export type Undoing =
  | { readonly kind: 'undone'; readonly connection: Connection; readonly change: TagChange }
  /** It is undone already, by whom and when. */
  | { readonly kind: 'already'; readonly change: TagChange }
  /** The ad or the setting is not as Redkey left it, or is gone: a person has to look. */
  | { readonly kind: 'changed_since'; readonly connection: Connection; readonly change: TagChange }
  | { readonly kind: 'provider_refused'; readonly connection: Connection; readonly verdict: Verdict }
  | { readonly kind: 'gone' }
  | { readonly kind: 'not_allowed'; readonly reason: Refusal | 'not_owner' }

/** Takes back a change that Redkey made at a provider, and nothing that somebody else did there since. */
export async function undoTags(deps: UndoDeps, teamId: string, person: Person, changeId: string): Promise<Undoing> {
  const { store, settings, clock, log } = deps
  const change = await store.adScans.findChange(changeId)
  const connection = change && (await store.connections.find(change.connectionId))
  if (!change || connection?.teamId !== teamId) return { kind: 'gone' }
  const reason = whyNotChange(person, connection, settings)
  if (reason) return { kind: 'not_allowed', reason }
  if (change.undoneAt) return { kind: 'already', change }
  const asked = await takeBack(deps, connection, change)
  if (asked.kind !== 'ok') return { kind: 'provider_refused', connection, verdict: asked }
  if (!asked.value) return { kind: 'changed_since', connection, change }
  // The answer to it was lost, and here it was: what is taken back stands in the history as set before.
  if (change.madeAt === null) {
    await store.adScans.made({ ...change, madeAt: clock.now() }, auditOf(deps, connection, change, 'tags_set', null))
  }
  if (!(await store.adScans.undone(change, auditOf(deps, connection, change, 'tags_undone', person.id)))) {
    return { kind: 'already', change: (await store.adScans.findChange(changeId)) ?? change }
  }
  log.info('tags.undone', { connectionId: connection.id, target: change.target, targetId: change.targetId })
  return { kind: 'undone', connection, change }
}

/** Of a single ad the next scan learns what became of a change whose answer was lost. */
const UNSURE: Verdict = {
  kind: 'transient',
  retryAfterMs: null,
  code: 'change_unsure',
  explanation: 'Redkey does not know yet whether the ad was changed, and looks at it again within the hour.',
}

/** False: there is nothing of ours any more. */
function takeBack(deps: UndoDeps, connection: Connection, change: TagChange): Promise<Asked<boolean>> {
  const account = accountOf(connection)
  const { targetId, before, after, added } = change
  return askAds(deps, connection, async ({ tagging }, tokens) => {
    if (tagging.kind === 'each_ad') {
      return after === '' ? UNSURE : tagging.untagAd(tokens, account, targetId, before, after)
    }
    const listed = await tagging.templates(tokens, account)
    if (listed.kind !== 'ok') return listed
    const template = listed.value.find(({ id }) => id === targetId)
    if (!template) return { kind: 'ok', value: false }
    const without = isSame(template.parameters, after) ? before : takeAway(template.parameters, added)
    if (without === template.parameters) return { kind: 'ok', value: false }
    const set = await tagging.setTemplate(tokens, account, targetId, without)
    return set.kind === 'ok' ? { kind: 'ok', value: true } : set
  })
}
