import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import type { JsonObject } from './json.ts'

interface Key {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** Signs id tokens with RS256. Keys are made when they are first asked for, since that takes a while. */
export interface Signer {
  sign(claims: JsonObject, how: 'signed' | 'foreign_key' | 'unsigned'): string
  /** The public ones, as a JWK set. */
  keys(): JsonObject
  rotate(): void
}

export function createSigner(): Signer {
  let key: Key | null = null
  const current = () => {
    key ??= newKey()
    return key
  }
  return {
    sign(claims, how) {
      const { kid, privateKey } = how === 'foreign_key' ? { ...newKey(), kid: current().kid } : current()
      const header = how === 'unsigned' ? { alg: 'none', typ: 'JWT' } : { alg: 'RS256', kid, typ: 'JWT' }
      const signed = `${part(header)}.${part(claims)}`
      if (how === 'unsigned') return `${signed}.`
      return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`
    },
    keys: () => ({ keys: [{ ...current().publicKey.export({ format: 'jwk' }), kid: current().kid, alg: 'RS256', use: 'sig' }] }),
    rotate() {
      key = null
    },
  }
}

function newKey(): Key {
  return { kid: randomUUID(), ...generateKeyPairSync('rsa', { modulusLength: 2048 }) }
}

function part(value: JsonObject): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
