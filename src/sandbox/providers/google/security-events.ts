import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import type { Reply } from '../http-server.ts'
import type { Person } from './world.ts'

/** What happened to an account. developers.google.com/identity/protocols/risc#supported_event_types (2026-11) */
const EVENT_TYPES = {
  'tokens-revoked': 'https://schemas.openid.net/secevent/oauth/event-type/tokens-revoked',
  'account-disabled': 'https://schemas.openid.net/secevent/risc/event-type/account-disabled',
  'sessions-revoked': 'https://schemas.openid.net/secevent/risc/event-type/sessions-revoked',
} as const
export type SecurityEvent = keyof typeof EVENT_TYPES

const ISSUER = 'https://accounts.google.com/'

/** Cross-Account Protection: signed messages that Google sends to apps which asked for them. */
export interface SecurityEvents {
  /** Configuration and keys. Null: this is none of their addresses. */
  replyTo(url: URL, origin: string): Reply | null
  /** A security event token (RFC 8417), signed with RS256. */
  token(person: Person, event: SecurityEvent): string
}

export function securityEvents(clientId: string, now: () => Date): SecurityEvents {
  let keys: ReturnType<typeof newKeys> | null = null
  const theKeys = () => {
    keys ??= newKeys()
    return keys
  }
  return {
    replyTo({ pathname }, origin) {
      if (pathname === '/.well-known/risc-configuration') {
        const json = { issuer: ISSUER, jwks_uri: `${origin}/oauth2/v3/certs`, delivery_methods_supported: [PUSH] }
        return { status: 200, json }
      }
      if (pathname !== '/oauth2/v3/certs') return null
      const jwk = theKeys().publicKey.export({ format: 'jwk' })
      return { status: 200, json: { keys: [{ ...jwk, use: 'sig', alg: 'RS256', kid: KEY_ID }] } }
    },
    token({ sub }, event) {
      const subject = { subject_type: 'iss-sub', iss: ISSUER, sub }
      const claims = {
        iss: ISSUER,
        aud: clientId,
        iat: Math.floor(now().getTime() / 1000),
        jti: randomUUID(),
        events: { [EVENT_TYPES[event]]: { subject, ...(event === 'account-disabled' && { reason: 'hijacking' }) } },
      }
      const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
      const signed = `${encode({ alg: 'RS256', kid: KEY_ID, typ: 'secevent+jwt' })}.${encode(claims)}`
      return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), theKeys().privateKey).toString('base64url')}`
    },
  }
}

const PUSH = 'https://schemas.openid.net/secevent/risc/delivery-method/push'
const KEY_ID = 'fake-google-key'

function newKeys() {
  return generateKeyPairSync('rsa', { modulusLength: 2048 })
}
