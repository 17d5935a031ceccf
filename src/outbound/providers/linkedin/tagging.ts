import type { Clock } from '../../../clock.ts'
import type { TagChoices, Tagging, TagOverride } from '../../../domain/ads.ts'
import type { AccountRef, Asked, Tokens } from '../../../domain/provider.ts'
import { authorize, lacks, rejected, verdictOf } from '../meaning.ts'
import { accountName } from './accounts.ts'
import type { Api } from './api.ts'
import { campaignUrl, listCampaigns } from './campaigns.ts'
import { readTracking, removeTracking, type Tracked, writeTracking } from './tracking.ts'
import { mapsIn, unknownMacros } from './tracking-text.ts'

/** How many campaigns are asked for their own parameters at the same time: LinkedIn tells them one by one. */
const AT_ONCE = 5

/**
 * LinkedIn has no keywords, so nothing for `utm_term`. Names of creatives may be empty, hence its id.
 * Marketo Measure: `_bl={creativeId}`, experienceleague.adobe.com, LinkedIn integration (2026-11).
 */
const CHOICES: TagChoices = {
  utm: 'utm_source=linkedin&utm_medium=paid_social&utm_campaign={CAMPAIGN_NAME}&utm_content={CREATIVE_ID}',
  marketoMeasure: '_bl={CREATIVE_ID}',
  /** @TODO source: no limit of the maps is documented; a destination URL of an ad has 2,000 characters at most. */
  maxLength: 1_000,
  unknownMacros,
}

export function createTagging(api: Api, clock: Clock): Tagging {
  return {
    ...CHOICES,
    kind: 'inherited',
    async templates(tokens, account) {
      const name = await accountName(api, tokens, account)
      if (name.kind !== 'ok') return name
      const set = await readTracking(api, tokens, ofAccount(account))
      if (set.kind !== 'ok') return set
      return { kind: 'ok', value: [{ id: account.id, name: `Account ${name.value}`, parameters: set.value }] }
    },
    setTemplate: (tokens, account, templateId, parameters) =>
      setTemplate({ api, clock }, tokens, account, templateId, parameters),
    overrides: (tokens, account, limit) => findOverrides(api, tokens, account, limit),
  }
}

const ofAccount = ({ id }: AccountRef): Tracked => ({ entity: 'sponsoredAccount', id })

interface SetDeps {
  readonly api: Api
  readonly clock: Clock
}

async function setTemplate(
  { api, clock }: SetDeps,
  tokens: Tokens,
  account: AccountRef,
  templateId: string,
  parameters: string,
): Promise<Asked<null>> {
  if (templateId !== account.id) return verdictOf(NO_TEMPLATE, 'unknown_template', null)
  if (!tokens.scopes.includes('rw_ads')) return verdictOf(READ_ONLY, 'scope_missing', null)
  if (parameters.length > CHOICES.maxLength) return verdictOf(TOO_LONG, 'parameters_too_long', null)
  const read = mapsIn(parameters)
  if (read.kind === 'refused') return verdictOf(rejected(read.why), 'parameters_refused', null)
  const asked =
    parameters === ''
      ? await removeTracking(api, tokens, ofAccount(account))
      : await writeTracking(api, clock, tokens, ofAccount(account), read.maps)
  return asked.kind === 'permission' && asked.cause === 'access_lost' ? verdictOf(NO_RIGHT, asked.code, null) : asked
}

const NO_TEMPLATE = rejected('This LinkedIn ad account has no such setting.')
const TOO_LONG = rejected(`LinkedIn takes at most ${CHOICES.maxLength} characters of URL parameters.`)
const READ_ONLY = authorize(
  'scope_missing',
  'certain',
  'The login at LinkedIn only lets Redkey look at ads. URL parameters need the right to change them (rw_ads).',
)
/** Roles: …/integrations/ads/account-structure/create-and-manage-account-users (2026-11); a viewer changes nothing. */
const NO_RIGHT = lacks(
  'role_missing',
  'This LinkedIn member may not change URL parameters in the ad account. Somebody who manages it has to give the member the role Campaign manager or Account manager in Campaign Manager.',
)

/** Of the campaigns that can still show ads. */
async function findOverrides(
  api: Api,
  tokens: Tokens,
  account: AccountRef,
  limit: number,
): Promise<Asked<readonly TagOverride[]>> {
  const listed = await listCampaigns(api, tokens, account.id)
  if (listed.kind !== 'ok') return listed
  const campaigns = [...listed.value.values()].filter(({ isOver, isUntracked }) => !isOver && !isUntracked)
  const found: TagOverride[] = []
  for (let place = 0; place < campaigns.length && found.length < limit; place += AT_ONCE) {
    const some = campaigns.slice(place, place + AT_ONCE)
    const asked = await Promise.all(some.map(({ id }) => readTracking(api, tokens, { entity: 'sponsoredCampaign', id })))
    for (const [at, { id, name }] of some.entries()) {
      const set = asked[at]
      if (set?.kind !== 'ok') return set ?? { kind: 'ok', value: found }
      if (set.value !== '') found.push({ level: 'campaign', id, name, parameters: set.value, url: campaignUrl(account.id, id) })
    }
  }
  return { kind: 'ok', value: found.slice(0, limit) }
}
