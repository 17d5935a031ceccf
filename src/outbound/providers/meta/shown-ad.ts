import type { AccountRef, Asked, Tokens } from '../../../domain/provider.ts'
import { asText, type JsonRecord } from '../json.ts'
import { passes, rejected, verdictOf } from '../meaning.ts'
import { AD_FIELDS } from './ads.ts'
import { type Creative, readCreative } from './creative.ts'
import { unreadable } from './graph.ts'
import type { AdsDeps } from './origins.ts'

/** An ad with what it shows now. */
export interface ShownAd {
  readonly row: JsonRecord
  readonly creative: Creative | null
}

/** Only of this account. */
export async function readAd(
  { graph, origins }: AdsDeps,
  tokens: Tokens,
  account: AccountRef,
  adId: string,
): Promise<Asked<ShownAd>> {
  const asked = await graph.get(tokens, `/${encodeURIComponent(adId)}`, { fields: AD_FIELDS })
  if (asked.kind !== 'ok') return asked.code === UNKNOWN_OBJECT ? verdictOf(GONE, asked.code, null) : asked
  const row = asked.value
  if (asText(row.id) !== adId) return unreadable()
  if (`act_${asText(row.account_id)}` !== account.id) return verdictOf(ELSEWHERE, 'ad_of_other_account', null)
  const told = readCreative(row.creative)
  if (told === null) return { kind: 'ok', value: { row, creative: null } }
  const creative = await origins.withLinks(tokens, account, told)
  return creative.kind === 'ok' ? { kind: 'ok', value: { row, creative: creative.value } } : creative
}

/** When the answer was lost, the ad itself says whether it was changed. */
export async function showCreative(
  deps: AdsDeps,
  tokens: Tokens,
  { account, adId, creativeId }: { readonly account: AccountRef; readonly adId: string; readonly creativeId: string },
): Promise<Asked<null>> {
  const changed = await deps.graph.post(tokens, `/${encodeURIComponent(adId)}`, {
    creative: JSON.stringify({ creative_id: creativeId }),
  })
  if (changed.kind === 'ok') return changed.value.success === false ? verdictOf(NOT_DONE, 'not_done', null) : DONE
  if (changed.kind !== 'transient') return changed
  const asked = await readAd(deps, tokens, account, adId)
  return asked.kind === 'ok' && asked.value.creative?.id === creativeId ? DONE : changed
}

const DONE = { kind: 'ok', value: null } as const

const UNKNOWN_OBJECT = '100/33'
const GONE = rejected('Meta does not know the ad any more, or does not show it to this login.')
const ELSEWHERE = rejected('The ad belongs to another ad account.')
const NOT_DONE = passes('Meta did not change the ad.')
