import { expect, test } from 'vitest'
import { allowedOrigin, tokenHosts } from '../../../src/outbound/providers/token-hosts.ts'

const DOMAINS = ['salesforce.com', 'force.com']
const live = tokenHosts(DOMAINS, 'https://login.salesforce.com')
const sandbox = tokenHosts(DOMAINS, 'http://127.0.0.1:4000')

test.each([
  'https://acme.my.salesforce.com',
  'https://acme--dev.sandbox.my.salesforce.com/id/00D/005',
  'https://login.salesforce.com',
  'https://acme.my.site.force.com',
])('tokens go to %s', (url) => {
  expect(live.allows(url)).toBe(true)
  expect(sandbox.allows(url)).toBe(true)
})

test.each([
  'http://acme.my.salesforce.com',
  'https://salesforce.com.evil.example',
  'https://evilsalesforce.com',
  'https://acme.my.salesforce.com.',
  'https://acme.my.salesforce.com:8443',
  'https://user@acme.my.salesforce.com',
  'https://evil.example/acme.my.salesforce.com',
  'https://acme.my.salesforce.com@evil.example',
  'https://10.0.0.1',
  'https://169.254.169.254',
  'http://10.0.0.1',
  'ftp://acme.my.salesforce.com',
  'javascript:alert(1)',
  '',
])('tokens never go to %s', (url) => {
  expect(live.allows(url)).toBe(false)
  expect(sandbox.allows(url)).toBe(false)
})

test.each([
  'http://127.0.0.1:4001/id',
  'http://localhost:4000',
  'http://[::1]:4000',
  'https://127.0.0.1',
  'https://localhost:8443/services/oauth2/token',
  'https://[::1]',
])('loopback %s takes tokens of a login host on loopback only', (url) => {
  expect(sandbox.allows(url)).toBe(true)
  expect(tokenHosts(DOMAINS, 'https://localhost:8443').allows(url)).toBe(true)
  expect(live.allows(url)).toBe(false)
})

test('a configured host takes tokens at its own origin only', () => {
  const proxied = tokenHosts(DOMAINS, 'https://salesforce.corp.example:8443/login')
  expect(proxied.allows('https://salesforce.corp.example:8443/services/oauth2/token')).toBe(true)
  expect(proxied.allows('https://salesforce.corp.example')).toBe(false)
  expect(proxied.allows('https://a.salesforce.corp.example:8443')).toBe(false)
})

test('a configured private address takes no tokens', () => {
  expect(tokenHosts(DOMAINS, 'https://10.0.0.1').allows('https://10.0.0.1')).toBe(false)
})

test('the origin is that of what was named, without its path', () => {
  expect(allowedOrigin(live, 'https://acme.my.salesforce.com/x?y')).toBe('https://acme.my.salesforce.com')
  expect(allowedOrigin(live, 'https://evil.example')).toBeNull()
  expect(allowedOrigin(live, null)).toBeNull()
})
