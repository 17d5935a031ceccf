import type { TagOverride } from '../../../domain/ads.ts'
import type { AccountRef, Asked, Tokens } from '../../../domain/provider.ts'
import { campaignsPage, isAd, nameOfAd } from './ads.ts'
import type { BulkFiles } from './bulk-files.ts'
import { handOn, type Row } from './file-rows.ts'

/**
 * Campaigns, ad groups, ads and asset groups with a final URL suffix of their own, out of the bulk file with all of them. Keywords may
 * have one as well (guides/url-tracking-upgraded-urls, 2026-11): they are not looked through, for an account has millions.
 */
export async function overrides(
  bulk: BulkFiles,
  tokens: Tokens,
  account: AccountRef,
  limit: number,
): Promise<Asked<readonly TagOverride[]>> {
  const found: TagOverride[] = []
  if (limit <= 0) return { kind: 'ok', value: found }
  const file = await bulk.open(tokens, { account, entities: ['Campaigns', 'AdGroups', 'Ads', 'AssetGroups'], since: null })
  if (file.kind !== 'ok') return file
  const read = await handOn(
    file.value.bytes,
    (row) => readOverride(row, account),
    async (page) => {
      found.push(...page.slice(0, limit - found.length))
      return found.length < limit ? 'more' : 'enough'
    },
  )
  return read.kind === 'ok' ? { kind: 'ok', value: found } : read
}

function readOverride(row: Row, account: AccountRef): Asked<TagOverride> | null {
  const parameters = row('Final Url Suffix')
  const what = levelOf(row)
  if (parameters === '' || what === null || row('Status') === 'Deleted') return null
  return { kind: 'ok', value: { ...what, id: row('Id'), parameters, url: campaignsPage(account) } }
}

function levelOf(row: Row): Pick<TagOverride, 'level' | 'name'> | null {
  const type = row('Type')
  if (type === 'Campaign') return { level: 'campaign', name: row('Campaign') }
  if (type === 'Ad Group') return { level: 'ad_group', name: row('Ad Group') }
  return isAd(type) ? { level: 'ad', name: nameOfAd(row) } : null
}
