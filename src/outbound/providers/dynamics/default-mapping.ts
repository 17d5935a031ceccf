import type { Mapping, MappingPreset, ObjectMapping } from '../../../domain/crm.ts'
import { ATTRIBUTION, KEY_COLUMN, TOUCHPOINTS } from './redkey-tables.ts'

/**
 * Marketo Measure's managed solution, columns that it writes itself:
 * https://experienceleague.adobe.com/en/docs/marketo-measure/using/marketo-measure-and-dynamics/marketo-measure-dynamics-schema (read 2026-11-24).
 * It lists schema names; logical names, which the Web API takes, are the same in lower case.
 *
 * It names no alternate key. `bizible2_uniqueid` is the column that Marketo Measure tells its records apart by, as on Salesforce, and
 * `redkey crm setup` or an admin has to add an alternate key with this one column before anything can be pushed.
 *
 * A Buyer Touchpoint has lookups to a contact, a lead, an account and a campaign; `person.email` has no column. The opportunity is on
 * `bizible2_bizible_attribution_touchpoint`, which has the other columns as well (its account is `bizible2_accountid`, and it has no lead);
 * the preset sends touchpoints with an opportunity there.
 */
export const DEFAULT_MAPPING: Mapping = {
  touchpoints: {
    object: 'bizible2_bizible_touchpoint',
    externalIdField: 'bizible2_uniqueid',
    fields: {
      occurredAt: 'bizible2_touchpoint_date',
      type: 'bizible2_touchpoint_type',
      'person.contactId': 'bizible2_contactid',
      'person.leadId': 'bizible2_leadid',
      accountId: 'bizible2_account',
      channel: 'bizible2_marketing_channel',
      channelPath: 'bizible2_marketing_channel_path',
      source: 'bizible2_touchpoint_source',
      medium: 'bizible2_medium',
      position: 'bizible2_touchpoint_position',
      campaignId: 'bizible2_ad_campaign_id',
      campaignName: 'bizible2_ad_campaign_name',
      adGroupId: 'bizible2_ad_group_id',
      adGroupName: 'bizible2_ad_group_name',
      adId: 'bizible2_ad_id',
      adContent: 'bizible2_ad_content',
      keyword: 'bizible2_keyword_text',
      keywordMatchType: 'bizible2_keyword_matchtype',
      landingPage: 'bizible2_landing_page',
      formUrl: 'bizible2_form_url',
      referrerPage: 'bizible2_referrer_page',
    },
    custom: [],
  },
  attribution: null,
}

const { 'person.leadId': _lead, ...WITHOUT_LEAD } = DEFAULT_MAPPING.touchpoints.fields

export const MEASURE_PRESET: MappingPreset = {
  name: 'marketo-measure',
  label: 'Marketo Measure',
  mapping: {
    touchpoints: DEFAULT_MAPPING.touchpoints,
    attribution: {
      ...DEFAULT_MAPPING.touchpoints,
      object: 'bizible2_bizible_attribution_touchpoint',
      fields: { ...WITHOUT_LEAD, accountId: 'bizible2_accountid', opportunityId: 'bizible2_opportunityid' },
    },
  },
}

/** The tables of `redkey-tables.ts`, which have a column for everything that a touchpoint has. */
const PLAIN: ObjectMapping = {
  object: TOUCHPOINTS,
  externalIdField: KEY_COLUMN,
  fields: {
    occurredAt: 'redkey_occurredat',
    type: 'redkey_type',
    'person.email': 'redkey_email',
    'person.leadId': 'redkey_leadid',
    'person.contactId': 'redkey_contactid',
    accountId: 'redkey_accountid',
    channel: 'redkey_channel',
    channelPath: 'redkey_channelpath',
    source: 'redkey_source',
    medium: 'redkey_medium',
    position: 'redkey_position',
    campaignId: 'redkey_campaignid',
    campaignName: 'redkey_campaignname',
    adGroupId: 'redkey_adgroupid',
    adGroupName: 'redkey_adgroupname',
    adId: 'redkey_adid',
    adContent: 'redkey_adcontent',
    keyword: 'redkey_keyword',
    keywordMatchType: 'redkey_keywordmatchtype',
    landingPage: 'redkey_landingpage',
    formUrl: 'redkey_formurl',
    referrerPage: 'redkey_referrerpage',
  },
  custom: [],
}

export const REDKEY_PRESET: MappingPreset = {
  name: 'redkey',
  label: 'Redkey',
  mapping: {
    touchpoints: PLAIN,
    attribution: { ...PLAIN, object: ATTRIBUTION, fields: { ...PLAIN.fields, opportunityId: 'redkey_opportunityid' } },
  },
}

export const PRESETS: readonly MappingPreset[] = [MEASURE_PRESET, REDKEY_PRESET]
