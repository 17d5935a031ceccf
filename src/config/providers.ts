import type { ProviderName } from '../domain/provider.ts'
import { day, type Environment, publicUrl, reader } from './values.ts'

interface Client {
  readonly clientId: string
  readonly clientSecret: string
}

/** Entra tells nobody but the operator when the secret of an app ends. */
interface EntraClient extends Client {
  readonly clientSecretExpiresAt: Date | null
  /** With or without a tenant at its end. */
  readonly loginUrl: string
}

interface GoogleClient extends Client {
  readonly loginUrl: string
  readonly tokenUrl: string
  readonly apiUrl: string
}

/** Undefined: no client id is set, so the provider is not offered. URLs are without a slash at the end. */
export interface ProvidersConfig {
  readonly salesforce: (Client & { readonly loginUrl: string }) | undefined
  /** `url`: of the environment, as `https://contoso.crm.dynamics.com`. */
  readonly dynamics: (EntraClient & { readonly url: string }) | undefined
  readonly hubspot: (Client & { readonly loginUrl: string; readonly apiUrl: string }) | undefined
  readonly googleAds: GoogleClient | undefined
  /** `apiUrl` null: each service has a host of its own. */
  readonly microsoftAds: (EntraClient & { readonly developerToken: string; readonly apiUrl: string | null }) | undefined
  readonly meta: (Client & { readonly loginUrl: string; readonly apiUrl: string }) | undefined
  readonly linkedin: (Client & { readonly loginUrl: string; readonly apiUrl: string }) | undefined
  readonly cm360: GoogleClient | undefined
}

/** What is known of when the secrets of our own apps end. */
export function secretEnds({
  dynamics,
  microsoftAds,
}: ProvidersConfig): { readonly provider: ProviderName; readonly at: Date }[] {
  const ends = [
    { provider: 'dynamics', at: dynamics?.clientSecretExpiresAt },
    { provider: 'microsoft-ads', at: microsoftAds?.clientSecretExpiresAt },
  ] as const
  return ends.flatMap(({ provider, at }) => (at ? { provider, at } : []))
}

export function readProviders(env: Environment, problems: string[]): ProvidersConfig {
  const read = reader(env, problems)
  const url = (name: string, fallback: string) => read(name, publicUrl, fallback)

  function client(prefix: string): Client | undefined {
    const [idName, secretName] = [`${prefix}_CLIENT_ID`, `${prefix}_CLIENT_SECRET`]
    const { [idName]: clientId, [secretName]: clientSecret } = env
    if (!clientId && !clientSecret) return undefined
    if (!clientId) problems.push(`${idName} is missing, but ${secretName} is set: set both, or none`)
    if (!clientSecret) problems.push(`${secretName} is missing, but ${idName} is set: set both, or none`)
    return { clientId: clientId ?? '', clientSecret: clientSecret ?? '' }
  }

  function entra(prefix: string): EntraClient | undefined {
    const found = client(prefix)
    if (!found) return undefined
    const clientSecretExpiresAt = read<Date | null>(`${prefix}_CLIENT_SECRET_EXPIRES`, day, null)
    return { ...found, clientSecretExpiresAt, loginUrl: url('MICROSOFT_LOGIN_URL', 'https://login.microsoftonline.com') }
  }

  function developerToken(): string {
    const token = env['MICROSOFT_ADS_DEVELOPER_TOKEN']
    if (!token) {
      problems.push(
        'MICROSOFT_ADS_DEVELOPER_TOKEN is missing: a Super Admin of Microsoft Advertising makes one under Settings, Developer settings',
      )
    }
    return token ?? ''
  }

  function google(apiUrl: string): GoogleClient | undefined {
    const found = client('GOOGLE')
    if (!found) return undefined
    const loginUrl = url('GOOGLE_LOGIN_URL', 'https://accounts.google.com')
    return { ...found, loginUrl, tokenUrl: url('GOOGLE_TOKEN_URL', 'https://oauth2.googleapis.com'), apiUrl }
  }

  const salesforce = client('SALESFORCE')
  const dynamics = entra('DYNAMICS')
  const hubspot = client('HUBSPOT')
  const microsoftAds = entra('MICROSOFT_ADS')
  const meta = client('META')
  const linkedin = client('LINKEDIN')
  return {
    salesforce: salesforce && { ...salesforce, loginUrl: url('SALESFORCE_LOGIN_URL', 'https://login.salesforce.com') },
    dynamics: dynamics && {
      ...dynamics,
      url:
        read('DYNAMICS_URL', publicUrl, undefined, 'the address of your environment, like https://contoso.crm.dynamics.com') ??
        '',
    },
    hubspot: hubspot && {
      ...hubspot,
      loginUrl: url('HUBSPOT_LOGIN_URL', 'https://app.hubspot.com'),
      apiUrl: url('HUBSPOT_API_URL', 'https://api.hubapi.com'),
    },
    googleAds: google(url('GOOGLE_ADS_API_URL', 'https://googleads.googleapis.com')),
    microsoftAds: microsoftAds && {
      ...microsoftAds,
      developerToken: developerToken(),
      apiUrl: read<string | null>('MICROSOFT_ADS_API_URL', publicUrl, null),
    },
    meta: meta && {
      ...meta,
      loginUrl: url('META_LOGIN_URL', 'https://www.facebook.com'),
      apiUrl: url('META_API_URL', 'https://graph.facebook.com'),
    },
    linkedin: linkedin && {
      ...linkedin,
      loginUrl: url('LINKEDIN_LOGIN_URL', 'https://www.linkedin.com'),
      apiUrl: url('LINKEDIN_API_URL', 'https://api.linkedin.com'),
    },
    cm360: google(url('CM360_API_URL', 'https://dfareporting.googleapis.com')),
  }
}
