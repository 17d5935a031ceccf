import { lookup } from 'node:dns'
import type { IncomingMessage } from 'node:http'
import type { LookupFunction } from 'node:net'
import { isLoopbackHost, isPrivateAddress } from './addresses.ts'

export type NoAnswerReason = 'timeout' | 'refused' | 'reset' | 'dns' | 'tls' | 'too_large' | 'forbidden_address'

/** Plain http stays on this machine; a literal address of the inside network is refused before any connection. */
export function mayConnect(url: URL): boolean {
  if (isLoopbackHost(url.hostname)) return url.protocol === 'http:' || url.protocol === 'https:'
  return url.protocol === 'https:' && !isPrivateAddress(url.hostname)
}

export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? []
    if (error || first === undefined) return callback(error ?? failure('ENOTFOUND'), [])
    if (addresses.some(({ address }) => isPrivateAddress(address))) return callback(failure('EFORBIDDEN'), [])
    if (options.all === true) return callback(null, addresses)
    callback(null, first.address, first.family)
  })
}

function failure(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code })
}

export function readHeaders(incoming: IncomingMessage): Record<string, string> {
  const named = Object.entries(incoming.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ])
  return Object.fromEntries(named)
}

export function readReason(error: NodeJS.ErrnoException, connected: boolean): NoAnswerReason {
  const code = error.code ?? ''
  if (code === 'EFORBIDDEN') return 'forbidden_address'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'dns'
  if (code === 'ETIMEDOUT') return 'timeout'
  if (/^(ERR_TLS|ERR_SSL|CERT_|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)) return 'tls'
  return connected ? 'reset' : 'refused'
}
