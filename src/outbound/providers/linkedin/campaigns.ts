import type { Asked, Tokens } from '../../../domain/provider.ts'
import { asText, type JsonRecord } from '../json.ts'
import type { Api } from './api.ts'
import { readPages } from './pages.ts'
import { encoded, idOf } from './restli.ts'
import { unreadable } from './verdicts.ts'

export interface Campaign {
  readonly id: string
  readonly name: string
  /** It shows no ads, unless somebody brings it back. */
  readonly isOver: boolean
  /** Its ads carry no parameters but those of their links. */
  readonly isUntracked: boolean
}

const PAGE_SIZE = 1000
const OVER = ['ARCHIVED', 'CANCELED', 'COMPLETED', 'PENDING_DELETION', 'REMOVED']
/** Message and conversation ads take no dynamic parameters: …/integrations/ads-reporting/dynamic-utm-tracking (2026-11) */
const UNTRACKED = 'SPONSORED_INMAILS'

/** By id. https://learn.microsoft.com/linkedin/marketing/integrations/ads/account-structure/create-and-manage-campaigns (2026-11) */
export async function listCampaigns(api: Api, tokens: Tokens, accountId: string): Promise<Asked<ReadonlyMap<string, Campaign>>> {
  const campaigns = new Map<string, Campaign>()
  const path = `/rest/adAccounts/${encoded(accountId)}/adCampaigns?q=search&pageSize=${PAGE_SIZE}&fields=id,name,status,type`
  const asked = await readPages(api, tokens, { path }, async (elements) => {
    for (const campaign of elements.map(campaignOf)) {
      if (campaign === null) return unreadable()
      campaigns.set(campaign.id, campaign)
    }
    return { kind: 'ok', value: 'more' }
  })
  return asked.kind === 'ok' ? { kind: 'ok', value: campaigns } : asked
}

function campaignOf(row: JsonRecord): Campaign | null {
  const id = idOf('sponsoredCampaign', row.id)
  if (id === null) return null
  const isOver = OVER.includes(asText(row.status) ?? '')
  return { id, name: asText(row.name) ?? '', isOver, isUntracked: row.type === UNTRACKED }
}

/**
 * Where a person looks at a campaign and its ads; Campaign Manager calls it an ad set since 2025-10.
 * @TODO source for an address of a single ad.
 */
export function campaignUrl(accountId: string, campaignId: string): string {
  return `https://www.linkedin.com/campaignmanager/accounts/${accountId}/campaigns/${campaignId}`
}
