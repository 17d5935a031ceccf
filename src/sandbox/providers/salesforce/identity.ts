import type { Org, OrgUser } from './org.ts'

/** `https://login…/id/{org}/{user}`, the `id` of a token answer. */
export function identityUrl(loginUrl: string, org: Org, user: OrgUser): string {
  return `${loginUrl}/id/${org.id}/${user.id}`
}

/**
 * What the identity URL answers.
 * https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_using_openid.htm (read 2026-11-23)
 */
export function identity(loginUrl: string, org: Org, user: OrgUser): object {
  return {
    id: identityUrl(loginUrl, org, user),
    asserted_user: true,
    user_id: user.id,
    organization_id: org.id,
    username: user.username,
    nick_name: user.firstName.toLowerCase(),
    display_name: `${user.firstName} ${user.lastName}`,
    email: user.email,
    email_verified: true,
    first_name: user.firstName,
    last_name: user.lastName,
    timezone: 'Europe/Madrid',
    photos: photos(org),
    addr_street: null,
    addr_city: null,
    addr_state: null,
    addr_country: 'ES',
    addr_zip: null,
    mobile_phone: null,
    mobile_phone_verified: false,
    is_lightning_login_user: false,
    status: { created_date: null, body: null },
    urls: urls(org, user),
    active: user.isActive,
    user_type: 'STANDARD',
    language: 'en_US',
    locale: 'en_IE',
    utcOffset: 3_600_000,
    last_modified_date: '2026-09-01T08:00:00Z',
    is_app_installed: true,
  }
}

/** OpenID Connect's view of the same. help.salesforce.com xcloud.remoteaccess_using_userinfo_endpoint (read 2026-11-23). */
export function userinfo(loginUrl: string, org: Org, user: OrgUser): object {
  return {
    sub: identityUrl(loginUrl, org, user),
    user_id: user.id,
    organization_id: org.id,
    preferred_username: user.username,
    nickname: user.firstName.toLowerCase(),
    name: `${user.firstName} ${user.lastName}`,
    email: user.email,
    email_verified: true,
    given_name: user.firstName,
    family_name: user.lastName,
    zoneinfo: 'Europe/Madrid',
    photos: photos(org),
    profile: `${org.instanceUrl}/${user.id}`,
    picture: photos(org).picture,
    address: { country: 'ES' },
    is_salesforce_integration_user: false,
    urls: urls(org, user),
    active: user.isActive,
    user_type: 'STANDARD',
    language: 'en_US',
    locale: 'en_IE',
    utcOffset: 3_600_000,
    updated_at: '2026-09-01T08:00:00Z',
  }
}

function photos(org: Org): { picture: string; thumbnail: string } {
  return { picture: `${org.instanceUrl}/profilephoto/005/F`, thumbnail: `${org.instanceUrl}/profilephoto/005/T` }
}

function urls(org: Org, user: OrgUser): Record<string, string> {
  const soap = `${org.instanceUrl}/services/Soap`
  const rest = `${org.instanceUrl}/services/data/v{version}/`
  return {
    enterprise: `${soap}/c/{version}/${org.id}`,
    metadata: `${soap}/m/{version}/${org.id}`,
    partner: `${soap}/u/{version}/${org.id}`,
    rest,
    sobjects: `${rest}sobjects/`,
    search: `${rest}search/`,
    query: `${rest}query/`,
    recent: `${rest}recent/`,
    tooling_soap: `${soap}/T/{version}/${org.id}`,
    tooling_rest: `${rest}tooling/`,
    profile: `${org.instanceUrl}/${user.id}`,
    custom_domain: org.instanceUrl,
  }
}
