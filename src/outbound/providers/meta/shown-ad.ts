import type { AccountRef, Asked, Tokens } from '../../../domain/provider.ts'
import { asText, type JsonRecord } from '../json.ts'
import { passes, rejected, verdictOf } from '../meaning.ts'
import { AD_FIELDS } from './ads.ts'
import { originOf } from './copy-creative.ts'
import { CREATIVE_FIELDS, type Creative, readCreative } from './creative.ts'
import { type Graph, unreadable } from './graph.ts'

/** An ad with what it shows now. */
export interface ShownAd {
  readonly row: JsonRecord
  readonly creative: Creative | null
}

/** Only of this account. */
export async function readAd(graph: Graph, tokens: Tokens, account: AccountRef, adId: string): Promise<Asked<ShownAd>> {
  const asked = await graph.get(tokens, `/${encodeURIComponent(adId)}`, { fields: AD_FIELDS })
  if (asked.kind !== 'ok') return asked.code === UNKNOWN_OBJECT ? verdictOf(GONE, asked.code, null) : asked
  const row = asked.value
  if (asText(row.id) !== adId) return unreadable()
  if (`act_${asText(row.account_id)}` !== account.id) return verdictOf(ELSEWHERE, 'ad_of_other_account', null)
  const creative = await withLinks(graph, tokens, readCreative(row.creative))
  return creative.kind === 'ok' ? { kind: 'ok', value: { row, creative: creative.value } } : creative
}

/** Copies of copies there are hardly ever. */
const MOST_ORIGINS = 5

/** A copy shows a post, whose address is not told: then the address is the one of what it is a copy of. */
async function withLinks(graph: Graph, tokens: Tokens, creative: Creative | null): Promise<Asked<Creative | null>> {
  let origin = creative
  for (let count = 0; creative !== null && origin !== null && count < MOST_ORIGINS; count++) {
    if (origin.ofLinks !== null) return { kind: 'ok', value: { ...creative, ofLinks: origin.ofLinks } }
    const id = originOf(origin)
    if (id === null) break
    const asked = await graph.get(tokens, `/${id}`, { fields: CREATIVE_FIELDS })
    if (asked.kind === 'permission' || asked.kind === 'rejected') break // it was deleted
    if (asked.kind !== 'ok') return asked
    origin = readCreative(asked.value)
  }
  return { kind: 'ok', value: creative }
}

/** When the answer was lost, the ad itself says whether it was changed. */
export async function showCreative(
  graph: Graph,
  tokens: Tokens,
  { account, adId, creativeId }: { readonly account: AccountRef; readonly adId: string; readonly creativeId: string },
): Promise<Asked<null>> {
  const changed = await graph.post(tokens, `/${encodeURIComponent(adId)}`, {
    creative: JSON.stringify({ creative_id: creativeId }),
  })
  if (changed.kind === 'ok') return changed.value.success === false ? verdictOf(NOT_DONE, 'not_done', null) : DONE
  if (changed.kind !== 'transient') return changed
  const asked = await readAd(graph, tokens, account, adId)
  return asked.kind === 'ok' && asked.value.creative?.id === creativeId ? DONE : changed
}

const DONE = { kind: 'ok', value: null } as const

const UNKNOWN_OBJECT = '100/33'
const GONE = rejected('Meta does not know the ad any more, or does not show it to this login.')
const ELSEWHERE = rejected('The ad belongs to another ad account.')
const NOT_DONE = passes('Meta did not change the ad.')
