import type { Tagging, TagTemplate } from '../../../domain/ads.ts'
import type { AccountRef, Asked, Tokens } from '../../../domain/provider.ts'
import { lacks, rejected, verdictOf } from '../meaning.ts'
import { nameOf, readAccount } from './accounts.ts'
import type { Api } from './api.ts'
import type { BulkFiles } from './bulk-files.ts'
import { unknownMacros } from './macros.ts'
import { overrides } from './overrides.ts'
import { accountSuffix } from './suffixes.ts'

/** Names come as they are at the click. `{AdGroupId}` and `{AdId}` are the asset group's in Performance Max. */
const UTM = 'utm_source=bing&utm_medium=cpc&utm_campaign={Campaign}&utm_content={AdId}&utm_term={keyword}'

/** https://experienceleague.adobe.com/docs/marketo-measure/using/api-connections/utilizing-marketo-measures-api-connections/marketo-measure-parameters.html (2026-11) */
const MARKETO_MEASURE = '_bt={adid}&utm_medium=cpc&utm_source=bing&utm_term={keyword}'

/**
 * As long as a tracking template and a final URL may be (guides/url-tracking-upgraded-urls, 2026-11); a longer one is refused
 * with FinalUrlSuffixTooLong.
 * @TODO source: the length of a final URL suffix is told nowhere.
 */
const MAX_LENGTH = 2048

/** The account's final URL suffix: whatever has none of its own inherits it, and no ad is reviewed again. */
export function tagging(api: Api, bulk: BulkFiles): Tagging {
  return {
    kind: 'inherited',
    utm: UTM,
    marketoMeasure: MARKETO_MEASURE,
    maxLength: MAX_LENGTH,
    unknownMacros,
    templates: (tokens, account) => templates(api, tokens, account),
    setTemplate: (tokens, account, templateId, parameters) => setTemplate(api, tokens, account, templateId, parameters),
    overrides: (tokens, account, limit) => overrides(bulk, tokens, account, limit),
  }
}

async function templates(api: Api, tokens: Tokens, account: AccountRef): Promise<Asked<readonly TagTemplate[]>> {
  const described = await readAccount(api, tokens, account)
  if (described.kind !== 'ok') return described
  const suffix = await accountSuffix(api, tokens, account)
  if (suffix.kind !== 'ok') return suffix
  const name = `Account ${nameOf(described.value) ?? account.id}`
  return { kind: 'ok', value: [{ id: account.id, name, parameters: suffix.value }] }
}

/**
 * SetAccountProperties sets the properties that it names and no others; an empty text takes the suffix away:
 * https://learn.microsoft.com/advertising/campaign-management-service/accountproperty#finalurlsuffix (2026-11).
 */
async function setTemplate(
  api: Api,
  tokens: Tokens,
  account: AccountRef,
  templateId: string,
  parameters: string,
): Promise<Asked<null>> {
  if (templateId !== account.id) return verdictOf(NO_TEMPLATE, 'unknown_template', null)
  const body = { AccountProperties: [{ Name: 'FinalUrlSuffix', Value: parameters }] }
  const asked = await api.ask(tokens, 'campaign', '/AccountProperties/Set', body, account)
  if (asked.kind === 'ok') return { kind: 'ok', value: null }
  if (asked.kind !== 'permission' || asked.cause !== 'access_lost') return asked
  // The same code means "may not read" and "may not write": a login that reads lacks the role.
  const reads = await accountSuffix(api, tokens, account)
  return reads.kind === 'ok' ? verdictOf(READS_ONLY, asked.code, null) : asked
}

const NO_TEMPLATE = rejected('Microsoft Advertising has one setting for URL parameters in an account, and this is not it.')

/** Viewers read everything and write nothing: https://learn.microsoft.com/advertising/guides/account-hierarchy-permissions (2026-11). */
const READS_ONLY = lacks(
  'role_missing',
  'This user may only look at the account in Microsoft Advertising, not change it. A Super Admin of the account has to give the user the role Advertiser Campaign Manager or a higher one.',
)
