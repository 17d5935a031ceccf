import type { Mapping } from '../../../domain/crm.ts'

/**
 * Marketo Measure's managed solution, columns that it writes itself:
 * https://experienceleague.adobe.com/en/docs/marketo-measure/using/marketo-measure-and-dynamics/marketo-measure-dynamics-schema (read 2026-11-24).
 * It lists schema names; logical names, which the Web API takes, are the same in lower case.
 *
 * It names no alternate key. `bizible2_uniqueid` is the column that Marketo Measure tells its records apart by, as on Salesforce, and an
 * admin has to add an alternate key with this one column before anything can be pushed.
 *
 * A Buyer Touchpoint has lookups to a contact, a lead, an account and a campaign; `person.email` has no column. The opportunity is on
 * `bizible2_bizible_attribution_touchpoint`, which has the other columns as well (its account is `bizible2_accountid`, and it has no lead);
 * touchpoints with an opportunity go there only when a mapping says so.
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
