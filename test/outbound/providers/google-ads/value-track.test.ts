import { expect, test } from 'vitest'
import { unknownMacros } from '../../../../src/outbound/providers/google-ads/value-track.ts'

test.each([
  ['utm_campaign={campaignid}&utm_term={keyword}', []],
  ['utm_campaign={_campaign}&m={ifmobile:phone}{ifnotmobile:desk}', []],
  ['k={ifsearch:{keyword}}&p={ifcontent:{placemant}}', ['{placemant}']],
  ['utm_campaign={campaign_id}', ['{campaign_id}']],
  ['utm_campaign={CampaignId}', ['{CampaignId}']],
  ['utm_campaign={{campaign.id}}&utm_content={{ad.id}}', ['{{campaign.id}}', '{{ad.id}}']],
  ['utm_campaign=%ebuy!&utm_content=__CAMPAIGN_ID__', ['%ebuy!', '__CAMPAIGN_ID__']],
  ['utm_campaign={campaignid&utm_term=keyword}', ['{campaignid', 'keyword}']],
  ['page={lpurl}&x={ignore}', ['{lpurl}', '{ignore}']],
  ['utm_campaign=spring_sale&utm_term=50%25', []],
])('in %s these are none of Google Ads: %j', (parameters, unknown) => {
  expect(unknownMacros(parameters)).toEqual(unknown)
})
