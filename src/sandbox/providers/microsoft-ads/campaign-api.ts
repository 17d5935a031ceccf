import type { AdsContent } from './ad-libraries.ts'
import type { AdsFaultName } from './answers.ts'

type Outcome = { readonly json: object } | AdsFaultName

interface CampaignBody {
  readonly AccountPropertyNames?: unknown
  readonly AccountProperties?: unknown
  readonly AccountId?: unknown
  readonly CampaignType?: unknown
  readonly CampaignId?: unknown
  readonly AdGroupIds?: unknown
}

/** Of an account that the user reaches. learn.microsoft.com/advertising/campaign-management-service, REST (2026-08, read 2026-11). */
export function campaignApi(
  path: string,
  body: CampaignBody,
  content: AdsContent,
  accountId: string,
  mayWrite: boolean,
): Outcome | null {
  switch (path) {
    case '/AccountProperties/Query':
      return properties(body, content)
    case '/AccountProperties/Set':
      return mayWrite ? setProperties(body, content) : 'notAuthorized'
    case '/Campaigns/QueryByAccountId':
      return String(body.AccountId) === accountId ? campaigns(body, content) : 'unknownAccount'
    case '/AdGroups/QueryByIds':
      return adGroups(body, content)
    default:
      return null
  }
}

function properties({ AccountPropertyNames: names }: CampaignBody, { library }: AdsContent): Outcome {
  const known: Readonly<Record<string, string>> = { FinalUrlSuffix: library.parameters, MSCLKIDAutoTaggingEnabled: 'true' }
  if (!Array.isArray(names) || names.some((name) => !Object.hasOwn(known, name))) return 'badRequest'
  // An empty suffix is no value.
  return { json: { AccountProperties: names.map((name) => ({ Name: name, Value: known[name] || null })), PartialErrors: [] } }
}

const LONGEST_SUFFIX = 2048

function setProperties({ AccountProperties: list }: CampaignBody, { library }: AdsContent): Outcome {
  const [property, ...others] = Array.isArray(list) ? list : []
  if (others.length > 0 || property?.Name !== 'FinalUrlSuffix' || typeof property.Value !== 'string') return 'badRequest'
  const suffix: string = property.Value
  if (suffix.length > LONGEST_SUFFIX) return 'suffixTooLong'
  if (/^[?&#]/.test(suffix)) return 'suffixCharacters'
  if (/\{(lpurl|unescapedlpurl|escapedlpurl|ignore)\b/i.test(suffix)) return 'suffixParameters'
  library.parameters = suffix
  return { json: {} }
}

function campaigns({ CampaignType: types }: CampaignBody, { library }: AdsContent): Outcome {
  const known = ['Search', 'Shopping', 'DynamicSearchAds', 'Audience', 'Hotel', 'PerformanceMax', 'App']
  const asked = String(types ?? 'Search')
    .split(',')
    .map((type) => type.trim())
  if (asked.some((type) => !known.includes(type))) return 'badRequest'
  const found = asked.includes('Search') ? library.campaigns : []
  return {
    json: {
      Campaigns: found.map(({ id, name, parameters }) => ({
        CampaignType: 'Search',
        FinalUrlSuffix: parameters || null,
        Id: id,
        Name: name,
        Status: 'Active',
        TrackingUrlTemplate: null,
      })),
    },
  }
}

function adGroups({ CampaignId: campaignId, AdGroupIds: ids }: CampaignBody, { library, adGroup }: AdsContent): Outcome {
  const campaign = library.campaigns.find(({ id }) => id === String(campaignId))
  if (!campaign || !Array.isArray(ids) || ids.length > 1000) return 'badRequest'
  const group = adGroup(campaign)
  const found = ids.map((id) =>
    String(id) === group.id
      ? {
          FinalUrlSuffix: group.parameters || null,
          Id: group.id,
          Name: group.name,
          Network: 'OwnedAndOperatedOnly',
          Status: 'Active',
        }
      : null,
  )
  const errors = found.flatMap((one, place) =>
    one === null
      ? [
          {
            Code: 1201,
            ErrorCode: 'CampaignServiceInvalidAdGroupId',
            Index: place,
            Message: 'The ad group ID is invalid.',
            Type: 'BatchError',
          },
        ]
      : [],
  )
  return { json: { AdGroups: found, PartialErrors: errors } }
}
