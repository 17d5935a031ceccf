import type { Mapping } from '../../../domain/provider.ts'

/**
 * Marketo Measure's managed package, fields that it writes itself:
 * experienceleague.adobe.com "How Marketo Measure and Salesforce Interact" (AdobeDocs, read 2026-11-23).
 *
 * A Buyer Touchpoint has a lookup to a contact, but none to a lead or an account: `bizible2__Lead__c` is on the Bizible Person,
 * to which `bizible2__Bizible_Person__c` points by record id. So `person.leadId`, `person.email` and `accountId` have no target.
 * `bizible2__Account__c` and `bizible2__Opportunity__c` are on `bizible2__Bizible_Attribution_Touchpoint__c`, which has
 * the fields below as well; touchpoints with an opportunity go there only when a mapping says so.
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
