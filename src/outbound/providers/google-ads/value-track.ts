/**
 * ValueTrack parameters that a final URL suffix may have: those of developers.google.com/google-ads/api/performance-max/valuetrack that
 * are not marked as ended (read 2026-11-24), `{assetgroupid}`, click ids, and what hotel ads have.
 * `{lpurl}` and its kin and `{ignore}` are none: a suffix with them is refused (url_field_error.proto, INVALID_TAG_IN_FINAL_URL_SUFFIX).
 * @TODO source: click ids beside `{gclid}`, `{sourceid}` and hotel ads; support.google.com/google-ads/answer/6305348 has the whole list.
 */
const PARAMETERS: ReadonlySet<string> = new Set([
  ...['campaignid', 'adgroupid', 'assetgroupid', 'creative', 'keyword', 'matchtype', 'network', 'device', 'devicemodel'],
  ...['targetid', 'feeditemid', 'extensionid', 'loc_interest_ms', 'loc_physical_ms', 'placement', 'target', 'adposition'],
  ...['gclid', 'gbraid', 'wbraid', 'param1', 'param2', 'random', 'aceid', 'adtype', 'campaigntype', 'sourceid'],
  ...['merchant_id', 'product_channel', 'product_id', 'product_country', 'product_language', 'product_partition_id'],
  ...['store_code', 'hotelcenter_id', 'hotel_id', 'hotel_partition_id', 'hotel_adtype', 'rate_rule_id'],
  ...['travel_start_day', 'travel_start_month', 'travel_start_year', 'travel_end_day', 'travel_end_month', 'travel_end_year'],
  ...['advanced_booking_window', 'date_type', 'number_of_adults', 'price_displayed_total', 'price_displayed_tax'],
  ...['user_currency', 'user_language'],
])

/** `{ifmobile:value}`: the value stands there or it does not. */
const CONDITIONS = ['ifmobile', 'ifnotmobile', 'ifsearch', 'ifcontent', 'ifpla', 'iflia', 'ifautolp']

/** `{_name}`: a custom parameter of the account (…/google-ads/api/docs/ads/upgraded-urls/fields, 2026-11). */
const CUSTOM = /^_\w{1,16}$/

/** Names that `{…}` here gives to nothing, and macros of other ad platforms: `{{campaign.id}}`, `%ebuy!`, `__CAMPAIGN_ID__`. */
const LOOKS_LIKE_ONE = /\{\{[^{}]*\}\}|\{[^{}&]*\}?|[^{}&=]*\}|%e[a-z]+!|__[A-Z]+(?:_[A-Z]+)*__/g

/** What in these parameters looks like a macro and is none of Google Ads: it would be sent as it stands. */
export function unknownMacros(parameters: string): readonly string[] {
  const plain = withoutConditions(parameters)
  return [...new Set(plain.match(LOOKS_LIKE_ONE) ?? [])].filter((macro) => !isKnown(macro))
}

function isKnown(macro: string): boolean {
  const name = /^\{([^{}]*)\}$/.exec(macro)?.[1]
  return name !== undefined && (PARAMETERS.has(name) || CUSTOM.test(name))
}

/** They may hold other macros: what is in them is looked at like the rest. */
function withoutConditions(parameters: string): string {
  const condition = new RegExp(`\\{(?:${CONDITIONS.join('|')}):((?:[^{}]|\\{[^{}]*\\})*)\\}`, 'g')
  const inner = parameters.replace(condition, '$1')
  return inner === parameters ? parameters : withoutConditions(inner)
}
