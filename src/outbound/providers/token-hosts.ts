import { isLoopbackHost, isPrivateAddress } from './addresses.ts'

/** Where one provider's tokens, codes and client secret may be sent. */
export interface TokenHosts {
  /** `url` may be an origin or a whole URL that a provider named. */
  allows(url: string): boolean
}

/**
 * https hosts under one of the provider's domains, and the configured origin itself. A configured origin on loopback
 * (the sandbox, a test) opens loopback, and nothing else does. Literal private addresses are never allowed.
 */
export function tokenHosts(domains: readonly string[], configuredUrl: string): TokenHosts {
  const configured = parse(configuredUrl)
  const onLoopback = configured !== null && isLoopback(configured)
  return {
    allows(text) {
      const url = parse(text)
      if (url === null || url.username !== '' || url.password !== '') return false
      if (isLoopback(url)) return onLoopback
      if (url.protocol !== 'https:' || isPrivateAddress(url.hostname)) return false
      if (url.origin === configured?.origin) return true
      return url.port === '' && domains.some((domain) => url.hostname.endsWith(`.${domain}`))
    },
  }
}

/** The origin of what a provider named, or `null` when tokens must not go there. */
export function allowedOrigin(hosts: TokenHosts, url: string | null): string | null {
  if (url === null || !hosts.allows(url)) return null
  return new URL(url).origin
}

function isLoopback({ protocol, hostname }: URL): boolean {
  return (protocol === 'http:' || protocol === 'https:') && isLoopbackHost(hostname)
}

function parse(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null
}
