import type { Mapping, MappingPreset, ObjectMapping } from '../../../domain/crm.ts'
import { ATTRIBUTION, KEY_FIELD, TOUCHPOINTS } from './metadata.ts'

/**
 * Marketo Measure's managed package, fields that it writes itself:
 * experienceleague.adobe.com "How Marketo Measure and Salesforce Interact" (AdobeDocs, read 2026-11-23).
 *
 * A Buyer Touchpoint has a lookup to a contact, but none to a lead or an account: `bizible2__Lead__c` is on the Bizible Person,
 * to which `bizible2__Bizible_Person__c` points by record id. So `person.leadId`, `person.email` and `accountId` have no target.
 * `bizible2__Account__c` and `bizible2__Opportunity__c` are on `bizible2__Bizible_Attribution_Touchpoint__c`, which has
 * the fields below as well; the preset sends touchpoints with an opportunity there.
 */
export const DEFAULT_MAPPING: Mapping = {
  touchpoints: {
    object: 'bizible2__Bizible_Touchpoint__c',
    externalIdField: 'bizible2__UniqueId__c',
    fields: {
      occurredAt: 'bizible2__Touchpoint_Date__c',
      type: 'bizible2__Touchpoint_Type__c',
      'person.contactId': 'bizible2__Contact__c',
      channel: 'bizible2__Marketing_Channel__c',
      channelPath: 'bizible2__Marketing_Channel_Path__c',
      source: 'bizible2__Touchpoint_Source__c',
      medium: 'bizible2__Medium__c',
      position: 'bizible2__Touchpoint_Position__c',
      campaignId: 'bizible2__Ad_Campaign_Id__c',
      campaignName: 'bizible2__Ad_Campaign_Name__c',
      adGroupId: 'bizible2__Ad_Group_Id__c',
      adGroupName: 'bizible2__Ad_Group_Name__c',
      adId: 'bizible2__Ad_Id__c',
      adContent: 'bizible2__Ad_Content__c',
      keyword: 'bizible2__Keyword_Text__c',
      keywordMatchType: 'bizible2__Keyword_MatchType__c',
      landingPage: 'bizible2__Landing_Page__c',
      formUrl: 'bizible2__Form_URL__c',
      referrerPage: 'bizible2__Referrer_Page__c',
    },
    custom: [],
  },
  attribution: null,
}

const MEASURE_PRESET: MappingPreset = {
  name: 'marketo-measure',
  label: 'Marketo Measure',
  mapping: {
    touchpoints: DEFAULT_MAPPING.touchpoints,
    attribution: {
      ...DEFAULT_MAPPING.touchpoints,
      object: 'bizible2__Bizible_Attribution_Touchpoint__c',
      fields: {
        ...DEFAULT_MAPPING.touchpoints.fields,
        accountId: 'bizible2__Account__c',
        opportunityId: 'bizible2__Opportunity__c',
      },
    },
  },
}

/** The objects of `metadata/`, which have a field for everything that a touchpoint has. */
const PLAIN: ObjectMapping = {
  object: TOUCHPOINTS,
  externalIdField: KEY_FIELD,
  fields: {
    occurredAt: 'Occurred_At__c',
    type: 'Type__c',
    'person.email': 'Email__c',
    'person.leadId': 'Lead__c',
    'person.contactId': 'Contact__c',
    accountId: 'Account__c',
    channel: 'Channel__c',
    channelPath: 'Channel_Path__c',
    source: 'Source__c',
    medium: 'Medium__c',
    position: 'Position__c',
    campaignId: 'Campaign_Id__c',
    campaignName: 'Campaign_Name__c',
    adGroupId: 'Ad_Group_Id__c',
    adGroupName: 'Ad_Group_Name__c',
    adId: 'Ad_Id__c',
    adContent: 'Ad_Content__c',
    keyword: 'Keyword__c',
    keywordMatchType: 'Keyword_Match_Type__c',
    landingPage: 'Landing_Page__c',
    formUrl: 'Form_URL__c',
    referrerPage: 'Referrer_Page__c',
  },
  custom: [],
}

export const REDKEY_PRESET: MappingPreset = {
  name: 'redkey',
  label: 'Redkey',
  mapping: {
    touchpoints: PLAIN,
    attribution: { ...PLAIN, object: ATTRIBUTION, fields: { ...PLAIN.fields, opportunityId: 'Opportunity__c' } },
  },
}

export const PRESETS: readonly MappingPreset[] = [MEASURE_PRESET, REDKEY_PRESET]
