import { DAY_MS, later, MINUTE_MS } from '../../../clock.ts'
import type { Ad } from '../../../domain/ads.ts'
import type { AccountRef, Asked, Tokens } from '../../../domain/provider.ts'
import { parseJson } from '../http.ts'
import { asList, asRecord, asText } from '../json.ts'
import { passes, verdictOf } from '../meaning.ts'
import type { Api } from './api.ts'
import type { BulkFiles } from './bulk-files.ts'
import { handOn, type Row } from './file-rows.ts'
import { accountSuffix, adGroupSuffixes, type Campaign, campaignsByName, lowestOf } from './suffixes.ts'

/** "If you set a date and time that is more than 30 days ago, an error will be returned": downloadcampaignsbyaccountids (2026-11). */
const FURTHEST_SINCE_MS = 29 * DAY_MS
/** How far a clock of ours may be from Microsoft's. */
const CLOCK_SKEW_MS = 10 * MINUTE_MS

/**
 * Ads of the bulk file that were added or changed since. Microsoft Advertising keeps no time at which an ad was made, and campaign
 * management tells no times at all (campaign-management-service/ad and its kin, 2026-11): the time of the last change is the only one,
 * so an older ad that was edited since comes as well. Asset groups are what Performance Max campaigns have instead of ads.
 */
export async function adsSince(
  api: Api,
  bulk: BulkFiles,
  tokens: Tokens,
  account: AccountRef,
  since: Date,
  now: Date,
  take: (ads: readonly Ad[]) => Promise<void>,
): Promise<Asked<null>> {
  const isNear = now.getTime() - since.getTime() < FURTHEST_SINCE_MS
  const file = await bulk.open(tokens, {
    account,
    entities: ['Ads', 'AssetGroups'],
    since: isNear ? later(since, -CLOCK_SKEW_MS) : null,
  })
  if (file.kind !== 'ok') return file
  const inherited = inheritance(api, tokens, account)
  return handOn(
    file.value.bytes,
    (row) => readAd(row, since, file.value.isFull),
    async (page) => {
      const ads = await inherited(page)
      if (ads.kind !== 'ok') return ads
      if (ads.value.length > 0) await take(ads.value)
      return 'more'
    },
  )
}

interface BulkAd {
  readonly isAssetGroup: boolean
  readonly id: string
  readonly name: string
  /** The ad group, or of an asset group the campaign. */
  readonly parentId: string
  readonly campaignName: string
  readonly landingPage: string
  readonly suffix: string
  readonly createdAt: Date
}

/** "… Ad" is every ad, also of a kind that is yet to come; labels and extensions are called "… Ad Label", "… Ad Extension". */
export function isAd(type: string): boolean {
  return type.endsWith(' Ad') || type === 'Asset Group'
}

/** https://learn.microsoft.com/advertising/bulk-service/responsive-search-ad and the pages of the other ads (2026-11). */
function readAd(row: Row, since: Date, isFull: boolean): Asked<BulkAd> | null {
  const type = row('Type')
  if (!isAd(type) || row('Status') === 'Deleted') return null
  // Seen empty (airbytehq/airbyte#61719, 2026-11). Then only the file itself tells that it was changed since.
  const text = row('Modified Time')
  if (text === '' && isFull) return null
  const modifiedAt = text === '' ? since : readTime(text)
  const id = row('Id')
  if (modifiedAt === null || id === '') return verdictOf(UNREADABLE_ROW, 'unreadable_row', null)
  if (modifiedAt < since) return null
  return {
    kind: 'ok',
    value: {
      isAssetGroup: type === 'Asset Group',
      id,
      name: nameOfAd(row),
      parentId: row('Parent Id'),
      campaignName: row('Campaign'),
      landingPage: row('Final Url').split(';')[0]?.trim() ?? '',
      suffix: row('Final Url Suffix'),
      createdAt: modifiedAt,
    },
  }
}

const UNREADABLE_ROW = passes('Microsoft Advertising gave a list of ads with a row that Redkey can’t read, so none of it counts.')

/** UTC, `04/27/2023 18:00:14.970` (airbytehq/airbyte#61363, 2026-11). */
function readTime(text: string): Date | null {
  const [, month, day, year, time = ''] = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{2}:\d{2}:\d{2}(?:\.\d{1,7})?)$/.exec(text) ?? []
  if (!month || !day || !year) return null
  const at = new Date(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}T${time.slice(0, 12)}Z`)
  return Number.isNaN(at.getTime()) ? null : at
}

/** Ads have no names: what people see first. A list of headlines is JSON, `[{"text":"Contoso","pinnedField":"Headline1"},…]`. */
export function nameOfAd(row: Row): string {
  const columns = ['Asset Group', 'Headline', 'Headlines', 'Title Part 1', 'Title', 'Promotion', 'Text'] as const
  const told = columns.map((column) => firstText(row(column))).find((text) => text !== '')
  return told ?? `${row('Type')} ${row('Id')}`
}

function firstText(cell: string): string {
  if (!cell.startsWith('[')) return cell
  return asText(asRecord(asList(parseJson(cell))[0]).text) ?? ''
}

type Inherit = (page: readonly BulkAd[]) => Promise<Asked<readonly Ad[]>>

/** Asks for what is above the ads of a page, once for all pages where it can. */
function inheritance(api: Api, tokens: Tokens, account: AccountRef): Inherit {
  let above: { readonly suffix: string; readonly campaigns: ReadonlyMap<string, Campaign> } | null = null

  async function read(): Promise<Asked<NonNullable<typeof above>>> {
    const suffix = await accountSuffix(api, tokens, account)
    if (suffix.kind !== 'ok') return suffix
    const campaigns = await campaignsByName(api, tokens, account)
    if (campaigns.kind !== 'ok') return campaigns
    return { kind: 'ok', value: { suffix: suffix.value, campaigns: campaigns.value } }
  }

  return async (page) => {
    if (above === null) {
      const asked = await read()
      if (asked.kind !== 'ok') return asked
      above = asked.value
    }
    const { suffix, campaigns } = above
    const ads: Ad[] = []
    for (const [name, ofCampaign] of Map.groupBy(page, ({ campaignName }) => campaignName.toLowerCase())) {
      const campaign = campaigns.get(name)
      if (!campaign) return verdictOf(CAMPAIGN_MOVED, 'ad_without_campaign', null)
      const groupIds = new Set(ofCampaign.filter(({ isAssetGroup }) => !isAssetGroup).map(({ parentId }) => parentId))
      const groups = await adGroupSuffixes(api, tokens, account, campaign.id, [...groupIds])
      if (groups.kind !== 'ok') return groups
      for (const ad of ofCampaign) {
        const group = ad.isAssetGroup ? '' : groups.value.get(ad.parentId)
        if (group === undefined) continue // its ad group was deleted meanwhile, and it with it
        ads.push(adOf(ad, campaign, { account: suffix, campaign: campaign.suffix, ad_group: group, ad: ad.suffix }, account))
      }
    }
    return { kind: 'ok', value: ads }
  }
}

/** An ad names its campaign only: after it was renamed or deleted, the next file does otherwise. */
const CAMPAIGN_MOVED = passes(
  'Microsoft Advertising told of an ad in a campaign that it does not list: the campaign has just changed.',
)

function adOf(ad: BulkAd, campaign: Campaign, suffixes: Parameters<typeof lowestOf>[0], account: AccountRef): Ad {
  const { suffix, setBy } = lowestOf(suffixes)
  return {
    id: ad.id,
    name: ad.name,
    campaignId: campaign.id,
    campaignName: campaign.name,
    createdAt: ad.createdAt,
    url: campaignsPage(account),
    parameters: [queryOf(ad.landingPage), suffix].filter((part) => part !== '').join('&'),
    setBy,
    untaggable: null,
  }
}

/** What stands between `?` and `#`; macros make it no URL that could be parsed. */
function queryOf(landingPage: string): string {
  const [page = ''] = landingPage.split('#')
  const at = page.indexOf('?')
  return at === -1 ? '' : page.slice(at + 1)
}

/**
 * The campaigns of the account. Seen in addresses that people shared (`/campaign/vnext/campaigns?aid=…&cid=…`, 2026-11).
 * @TODO source: an address that opens one ad.
 */
export function campaignsPage({ id, via }: AccountRef): string {
  const query = new URLSearchParams({ aid: id, ...(via !== null && { cid: via }) })
  return `https://ui.ads.microsoft.com/campaign/vnext/campaigns?${query}`
}
