import { isLoopbackHost } from '../addresses.ts'

/**
 * The hosts that take logins: the two common ones, and an org's My Domain (`acme.my.salesforce.com`, sandbox
 * `acme--dev.sandbox.my.salesforce.com`, government `.my.salesforce.mil`). A Lightning address is the one people copy, and takes none.
 * https://help.salesforce.com/s/articleView?id=sf.domain_name_url_formats.htm (2026-11)
 */
const LOGIN_HOSTS = /^(login|test)\.salesforce\.com$|\.my\.salesforce\.(com|mil)$/
const LIGHTNING = /^(.+)\.lightning\.force\.com$/

export type LoginUrl = { readonly kind: 'login'; readonly origin: string } | { readonly kind: 'refused'; readonly says: string }

/** An address that somebody gave, as the origin to which client secrets may be sent. Plain http is for this machine only. */
export function readLoginUrl(text: string): LoginUrl {
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `https://${text}`)
  if (url?.username !== '' || url.password !== '') return refused(`${JSON.stringify(text)} is not an address.`)
  const { protocol, hostname, port, origin } = url
  if (isLoopbackHost(hostname) && ['http:', 'https:'].includes(protocol)) return { kind: 'login', origin }
  const lightning = LIGHTNING.exec(hostname)
  if (lightning) return refused(`${hostname} takes no logins. Use the My Domain: https://${lightning[1]}.my.salesforce.com`)
  if (protocol !== 'https:' || port !== '' || !LOGIN_HOSTS.test(hostname)) {
    return refused(
      `${origin} is no login host of Salesforce. Use https://login.salesforce.com, https://test.salesforce.com, or the My Domain of the org, like https://acme.my.salesforce.com`,
    )
  }
  return { kind: 'login', origin }
}

function refused(says: string): LoginUrl {
  return { kind: 'refused', says }
}
