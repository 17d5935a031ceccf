/**
 * What the list of parameters names, in lower case: https://help.ads.microsoft.com/apex/index/3/en/56799, and Adobe's and Adloop's formats for
 * Microsoft Advertising (experienceleague.adobe.com, CommandersAct/Adloop-Documentation; all 2026-11). Case does not matter:
 * {Keyword} and {keyword} both stand in guides/url-tracking-upgraded-urls.
 * @TODO source: IfMobile, IfNotMobile, feeditemid, ProductId, CriterionId; the stored copy of the list ends before them.
 */
const MACROS = new Set([
  'campaignid',
  'campaign',
  'adgroupid',
  'adgroup',
  'adid',
  'targetid',
  'keyword',
  'querystring',
  'matchtype',
  'bidmatchtype',
  'orderitemid',
  'criterionid',
  'productid',
  'network',
  'device',
  'msclkid',
  'adextensionid',
  'feeditemid',
  'loc_physical_ms',
  'loc_interest_ms',
  'param1',
  'param2',
  'param3',
  'ifmobile',
  'ifnotmobile',
  'ifsearch',
  'ifcontent',
  'ifnative',
  'ifpla',
])

/** `{keyword:default}` has a default, `{_season}` is a custom parameter of whoever advertises. */
const ITS_OWN = /^\{(?:_\w+|(\w+)(?::[^{}]*)?)\}$/

/** Also those of others: `{{campaign.name}}` of Meta, `%ebuy!` of Campaign Manager, and braces that were encoded. */
const LOOKS_LIKE_ONE = /\{\{[^{}]*\}\}|\{[^{}]*\}|%7B[^&]*?%7D|%e[a-z]+!/gi

/** {lpurl} and {ignore} are none in a suffix: it is refused with them (guides/url-tracking-upgraded-urls, 2026-11). */
export function unknownMacros(parameters: string): readonly string[] {
  const found = parameters.match(LOOKS_LIKE_ONE) ?? []
  return [...new Set(found.filter((text) => !isKnown(text)))]
}

function isKnown(text: string): boolean {
  const own = ITS_OWN.exec(text)
  return own !== null && (own[1] === undefined || MACROS.has(own[1].toLowerCase()))
}
