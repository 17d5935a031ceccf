import type { Mapping, MappingPreset } from '../../../domain/crm.ts'

/**
 * Marketo Measure does not write to HubSpot, so the target is a custom object of Redkey's own. `p_` and the name stand for
 * `p{Hub ID}_redkey_touchpoint` in each account
 * (https://developers.hubspot.com/changelog/breaking-change-removed-support-for-referencing-custom-object-types-by-base-name, 2026-11).
 * `touch_key` has unique values; a record of HubSpot is found by e-mail or by its own id.
 */
export const DEFAULT_MAPPING: Mapping = {
  touchpoints: {
    object: 'p_redkey_touchpoint',
    externalIdField: 'touch_key',
    fields: {
      occurredAt: 'occurred_at',
      type: 'touchpoint_type',
      'person.email': 'person_email',
      'person.contactId': 'contact_id',
      accountId: 'company_id',
      opportunityId: 'deal_id',
      channel: 'channel',
      channelPath: 'channel_path',
      source: 'source',
      medium: 'medium',
      position: 'position',
      campaignId: 'campaign_id',
      campaignName: 'campaign_name',
      adGroupId: 'ad_group_id',
      adGroupName: 'ad_group_name',
      adId: 'ad_id',
      adContent: 'ad_content',
      keyword: 'keyword',
      keywordMatchType: 'keyword_match_type',
      landingPage: 'landing_page',
      formUrl: 'form_url',
      referrerPage: 'referrer_page',
    },
    custom: [],
  },
  attribution: null,
}

/** One object for all: a plan has few custom objects, and a deal is named by its id in any case. */
export const REDKEY_PRESET: MappingPreset = { name: 'redkey', label: 'Redkey', mapping: DEFAULT_MAPPING }
