import type { LibraryAd, LibraryCampaign } from '../ads/ad-library.ts'
import { type AdChange, type AdsAccount, CURRENCY, localTime, TIME_ZONE } from './ads-account.ts'
import type { Fields } from './gaql.ts'
import type { AdsCustomer } from './world.ts'

/** Fields that may be asked of each resource, as far as they are here: developers.google.com/google-ads/api/fields/v26 (2026-11-24). */
const CUSTOMER = fieldsOf('customer', [
  ...['resource_name', 'id', 'descriptive_name', 'currency_code', 'time_zone', 'manager', 'test_account', 'status'],
  ...['final_url_suffix', 'tracking_url_template'],
])
const CAMPAIGN = fieldsOf('campaign', ['resource_name', 'id', 'name', 'status', 'final_url_suffix', 'tracking_url_template'])
const AD_GROUP = fieldsOf('ad_group', ['resource_name', 'id', 'name', 'status', 'final_url_suffix', 'tracking_url_template'])
const AD_GROUP_AD = fieldsOf('ad_group_ad', [
  ...['resource_name', 'status', 'ad.resource_name', 'ad.id', 'ad.name', 'ad.type', 'ad.final_urls', 'ad.final_url_suffix'],
  ...['ad.tracking_url_template', 'ad.responsive_search_ad.headlines', 'ad.responsive_display_ad.headlines'],
  ...['ad.expanded_text_ad.headline_part1'],
])
const METRICS = ['segments.date', ...fieldsOf('metrics', ['cost_micros', 'clicks', 'impressions'])]

export const RESOURCES: Readonly<Record<string, readonly string[]>> = {
  customer: CUSTOMER,
  campaign: [...CUSTOMER, ...CAMPAIGN, ...METRICS],
  ad_group: [...CUSTOMER, ...CAMPAIGN, ...AD_GROUP, ...METRICS],
  ad_group_ad: [...CUSTOMER, ...CAMPAIGN, ...AD_GROUP, ...AD_GROUP_AD, ...METRICS],
  change_status: fieldsOf('change_status', [
    ...['resource_name', 'last_change_date_time', 'resource_type', 'resource_status', 'campaign', 'ad_group', 'ad_group_ad'],
  ]),
  change_event: fieldsOf('change_event', [
    ...['resource_name', 'change_date_time', 'change_resource_type', 'change_resource_name', 'resource_change_operation'],
    ...['user_email', 'client_type', 'campaign', 'ad_group'],
  ]),
}

function fieldsOf(owner: string, names: readonly string[]): readonly string[] {
  return names.map((name) => `${owner}.${name}`)
}

export interface Days {
  readonly from: string
  readonly to: string
}

/** Rows of one account's resources. `days`: with metrics, a row for each day on which there were any. */
export function* rowsOf(customer: AdsCustomer, account: AdsAccount, resource: string, days: Days | null): Generator<Fields> {
  if (resource === 'change_status') return yield* changeStatuses(customer, account)
  if (resource === 'change_event') return yield* changeEvents(customer, account)
  const top = customerFields(customer, account)
  if (resource === 'customer') return yield top
  const { library } = account
  const counted = days === null ? library.campaigns.map((campaign) => ({ campaign, metrics: {} })) : metricsOf(account, days)
  for (const { campaign, metrics } of counted) {
    const inCampaign = { ...top, ...campaignFields(customer, account, campaign), ...metrics }
    const inGroup = { ...inCampaign, ...adGroupFields(customer, account, campaign) }
    if (resource === 'campaign') yield inCampaign
    else if (resource === 'ad_group') yield inGroup
    else {
      const day = String((metrics as Fields)['segments.date'] ?? '')
      const ads = library.ads.filter(({ campaignId }) => campaignId === campaign.id)
      // What an ad was shown is not told apart here: each was shown in its campaign from its first day on.
      for (const ad of ads.filter(({ createdAt }) => day === '' || localTime(createdAt).slice(0, 10) <= day)) {
        yield { ...inGroup, ...adFields(customer, account, ad) }
      }
    }
  }
}

function* metricsOf({ library }: AdsAccount, { from, to }: Days) {
  for (const { day, campaign, cents, clicks, impressions } of library.costs(from, to)) {
    const metrics = {
      'segments.date': day,
      'metrics.cost_micros': String(cents * 10_000),
      'metrics.clicks': String(clicks),
      'metrics.impressions': String(impressions),
    }
    yield { campaign, metrics }
  }
}

function customerFields({ id, name, isTest, status }: AdsCustomer, { library, trackingTemplate }: AdsAccount): Fields {
  return {
    'customer.resource_name': `customers/${id}`,
    'customer.id': id,
    'customer.descriptive_name': name,
    'customer.currency_code': CURRENCY,
    'customer.time_zone': TIME_ZONE,
    'customer.manager': false,
    'customer.test_account': isTest,
    'customer.status': status,
    'customer.final_url_suffix': library.parameters,
    'customer.tracking_url_template': trackingTemplate,
  }
}

function campaignFields({ id }: AdsCustomer, { removedCampaigns }: AdsAccount, campaign: LibraryCampaign): Fields {
  return {
    'campaign.resource_name': `customers/${id}/campaigns/${campaign.id}`,
    'campaign.id': campaign.id,
    'campaign.name': campaign.name,
    'campaign.status': removedCampaigns.has(campaign.id) ? 'REMOVED' : 'ENABLED',
    'campaign.final_url_suffix': campaign.parameters,
  }
}

function adGroupFields({ id }: AdsCustomer, { adGroupSuffixes }: AdsAccount, campaign: LibraryCampaign): Fields {
  const group = adGroupId(campaign.id)
  return {
    'ad_group.resource_name': `customers/${id}/adGroups/${group}`,
    'ad_group.id': group,
    'ad_group.name': `${campaign.name} group`,
    'ad_group.status': 'ENABLED',
    'ad_group.final_url_suffix': adGroupSuffixes.get(campaign.id) ?? '',
  }
}

/** A responsive search ad: it has no name, only headlines. */
function adFields({ id: customerId }: AdsCustomer, { changes }: AdsAccount, ad: LibraryAd): Fields {
  const isRemoved = changes.some(({ adId, operation }) => adId === ad.id && operation === 'REMOVE')
  return {
    'ad_group_ad.resource_name': adName(customerId, ad),
    'ad_group_ad.status': isRemoved ? 'REMOVED' : 'ENABLED',
    'ad_group_ad.ad.resource_name': `customers/${customerId}/ads/${ad.id}`,
    'ad_group_ad.ad.id': ad.id,
    'ad_group_ad.ad.type': 'RESPONSIVE_SEARCH_AD',
    'ad_group_ad.ad.final_urls': [ad.landingPage],
    'ad_group_ad.ad.final_url_suffix': ad.parameters,
    'ad_group_ad.ad.responsive_search_ad.headlines': [{ text: ad.name }, { text: 'Try it for free' }, { text: 'Acme' }],
  }
}

/** One row for each ad that was ever changed, with its last change alone. */
function* changeStatuses({ id }: AdsCustomer, account: AdsAccount): Generator<Fields> {
  const last = new Map(changesOf(account).map((change) => [change.adId, change]))
  const statuses = { CREATE: 'ADDED', UPDATE: 'CHANGED', REMOVE: 'REMOVED' }
  for (const ad of account.library.ads) {
    const change = last.get(ad.id)
    if (!change) continue
    yield {
      'change_status.resource_name': `customers/${id}/changeStatus/${change.at.getTime() * 1000}-${ad.id}`,
      'change_status.last_change_date_time': localTime(change.at),
      'change_status.resource_type': 'AD_GROUP_AD',
      'change_status.resource_status': statuses[change.operation],
      'change_status.campaign': `customers/${id}/campaigns/${ad.campaignId}`,
      'change_status.ad_group': `customers/${id}/adGroups/${adGroupId(ad.campaignId)}`,
      'change_status.ad_group_ad': adName(id, ad),
    }
  }
}

function* changeEvents({ id }: AdsCustomer, account: AdsAccount): Generator<Fields> {
  const ads = new Map(account.library.ads.map((ad) => [ad.id, ad]))
  for (const [place, { adId, at, operation }] of changesOf(account).entries()) {
    const ad = ads.get(adId)
    if (!ad) continue
    yield {
      'change_event.resource_name': `customers/${id}/changeEvents/${at.getTime() * 1000}~0~${place}`,
      'change_event.change_date_time': localTime(at),
      'change_event.change_resource_type': 'AD_GROUP_AD',
      'change_event.change_resource_name': adName(id, ad),
      'change_event.resource_change_operation': operation,
      'change_event.user_email': 'somebody@acme.example',
      'change_event.client_type': 'GOOGLE_ADS_WEB_CLIENT',
      'change_event.campaign': `customers/${id}/campaigns/${ad.campaignId}`,
      'change_event.ad_group': `customers/${id}/adGroups/${adGroupId(ad.campaignId)}`,
    }
  }
}

function changesOf({ library, changes }: AdsAccount): readonly AdChange[] {
  const created = library.ads.map(({ id, createdAt }): AdChange => ({ adId: id, at: createdAt, operation: 'CREATE' }))
  return [...created, ...changes].sort((a, b) => a.at.getTime() - b.at.getTime())
}

function adName(customerId: string, { id, campaignId }: LibraryAd): string {
  return `customers/${customerId}/adGroupAds/${adGroupId(campaignId)}~${id}`
}

function adGroupId(campaignId: string): string {
  return `1${campaignId}`
}
