/** What a scope allows, for people who never saw its name. Google's are told in the words of their boxes, and need no others. */
const MEANINGS: Readonly<Record<string, string>> = {
  api: 'reading and writing records',
  refresh_token: 'staying connected when nobody is logged in',
  offline_access: 'staying connected when nobody is logged in',
  user_impersonation: 'reading and writing records',
  'msads.manage': 'reading and changing ad accounts',
  ads_read: 'reading ads and what they cost',
  ads_management: 'changing ads',
  business_management: 'seeing which ad accounts a business has',
  r_ads: 'reading ad accounts',
  rw_ads: 'changing ads',
  r_ads_reporting: 'reading what ads cost',
  oauth: 'logging in',
  'crm.objects.custom.read': 'reading custom objects',
  'crm.objects.custom.write': 'writing custom objects',
  'crm.schemas.custom.read': 'seeing which custom objects there are',
  'crm.schemas.custom.write': 'making custom objects',
}

/** A scope by its name, or in words already; and what it means. */
export interface ScopeWords {
  readonly scope: string
  readonly isName: boolean
  readonly meaning: string | null
}

export function scopeWords(scope: string): ScopeWords {
  // A resource's scopes carry its address: `https://ads.microsoft.com/msads.manage`.
  const name = scope.slice(scope.lastIndexOf('/') + 1)
  return { scope, isName: !scope.includes(' '), meaning: Object.hasOwn(MEANINGS, name) ? (MEANINGS[name] ?? null) : null }
}
