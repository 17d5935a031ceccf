import { createHash, hkdfSync } from 'node:crypto'
import { FlattenedEncrypt, type FlattenedJWE, flattenedDecrypt } from 'jose'
import type { ClientBinding, SecretSealer } from '../domain/access/clients.ts'
import type { SealBinding, Sealed, Sealer } from '../domain/access/secrets.ts'
import type { Tokens } from '../domain/provider.ts'
import type { BotBinding, BotSealer } from '../domain/workspaces/installation.ts'
import { AppError } from '../errors.ts'

const KEY_BYTES = 32

/** One key for one purpose, and the name under which texts say which key made them. */
export interface RingKey {
  readonly kid: string
  readonly key: Uint8Array
}

/** The first key makes new texts, all of them open old ones. */
export interface KeyRing {
  readonly newest: RingKey
  find(kid: string | undefined): Uint8Array | undefined
}

/**
 * The keys of `REDKEY_KEYS` (32 bytes each, newest first), derived for one purpose: a text made for one purpose never opens
 * for another. `kid` is a short thumbprint of the key; the key can't be guessed from it.
 */
export function keyRing(keys: readonly Uint8Array[], purpose: string): KeyRing {
  const ring = keys.map((key) => ringKey(key, purpose))
  const [newest] = ring
  if (!newest) throw new AppError('CONFIG_INVALID', 'REDKEY_KEYS holds no key.', { next: 'Set at least one 32-byte base64 key.' })
  const byKid = new Map(ring.map(({ kid, key }) => [kid, key]))
  return { newest, find: (kid) => (kid === undefined ? undefined : byKid.get(kid)) }
}

function ringKey(key: Uint8Array, purpose: string): RingKey {
  if (key.length !== KEY_BYTES) {
    throw new AppError('CONFIG_INVALID', `A key of REDKEY_KEYS has ${key.length} bytes instead of ${KEY_BYTES}.`)
  }
  const kid = createHash('sha256').update('redkey-kid').update(key).digest('base64url').slice(0, 8)
  return { kid, key: new Uint8Array(hkdfSync('sha256', key, '', `redkey ${purpose}`, KEY_BYTES)) }
}

export interface GrantSealer extends Sealer {
  /** True when an older key made it: open it and seal it again. */
  isOutdated(sealed: Sealed): boolean
}

/** Seals logins, bound to the grant, its client and its token endpoint. */
export function grantSealer(keys: readonly Uint8Array[]): GrantSealer {
  return boundSealer(keys, 'grant', {
    boundTo: ({ grantId, clientId, tokenOrigin }: SealBinding) => `grant:${JSON.stringify([grantId, clientId, tokenOrigin])}`,
    write: (tokens: Tokens) => JSON.stringify(tokens),
    read: readTokens,
    broken: ({ grantId }, cause) =>
      new AppError('SEAL_BROKEN', `The stored login of grant ${grantId} can't be opened.`, {
        cause,
        next: 'Put the key that sealed it back into REDKEY_KEYS (last), or reauthorize the connection.',
      }),
  })
}

/** Seals the secrets of clients that were added, bound to the client and its login host. */
export function secretSealer(keys: readonly Uint8Array[]): SecretSealer {
  return boundSealer(keys, 'client', {
    boundTo: ({ provider, clientId, tokenOrigin }: ClientBinding) =>
      `client:${JSON.stringify([provider, clientId, tokenOrigin])}`,
    write: (secret: string) => secret,
    read: (plaintext) => Buffer.from(plaintext).toString(),
    broken: ({ provider, clientId }, cause) =>
      new AppError('SEAL_BROKEN', `The stored secret of the ${provider} client ${clientId} can't be opened.`, {
        cause,
        next: 'Put the key that sealed it back into REDKEY_KEYS (last), or add the client once more.',
      }),
  })
}

/** Seals the bot tokens of workspaces that installed the app, bound to the workspace. */
export function botSealer(keys: readonly Uint8Array[]): BotSealer {
  return boundSealer(keys, 'bot', {
    boundTo: ({ teamId }: BotBinding) => `bot:${JSON.stringify([teamId])}`,
    write: (token: string) => token,
    read: (plaintext) => Buffer.from(plaintext).toString(),
    broken: ({ teamId }, cause) =>
      new AppError('SEAL_BROKEN', `The stored bot token of the Slack workspace ${teamId} can't be opened.`, {
        cause,
        next: 'Put the key that sealed it back into REDKEY_KEYS (last), or install the app there again (/slack/install).',
      }),
  })
}

/** What is sealed and for what; JSON keeps the parts of a binding apart whatever characters they hold. */
interface Sealing<T, B> {
  boundTo(binding: B): string
  write(value: T): string
  read(plaintext: Uint8Array): T
  broken(binding: B, cause: unknown): AppError
}

/**
 * Seals as flattened JWE (RFC 7516, `dir` + A256GCM). The binding is authenticated but not stored: it is given anew at
 * opening, so a text that was moved to another row, client or token endpoint doesn't open.
 */
function boundSealer<T, B>(keys: readonly Uint8Array[], purpose: string, { boundTo, write, read, broken }: Sealing<T, B>) {
  const ring = keyRing(keys, purpose)
  return {
    async seal(value: T, binding: B): Promise<Sealed> {
      const {
        protected: header,
        iv,
        ciphertext,
        tag,
      } = await new FlattenedEncrypt(Buffer.from(write(value)))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: ring.newest.kid })
        .setAdditionalAuthenticatedData(Buffer.from(boundTo(binding)))
        .encrypt(ring.newest.key)
      return JSON.stringify({ protected: header, iv, ciphertext, tag }) as Sealed
    },

    async open(sealed: Sealed, binding: B): Promise<T> {
      try {
        const jwe = readJwe(sealed)
        const aad = Buffer.from(boundTo(binding)).toString('base64url')
        const { plaintext } = await flattenedDecrypt({ ...jwe, aad }, (header) => keyOf(ring, header?.kid), {
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
        })
        return read(plaintext)
      } catch (cause) {
        throw broken(binding, cause)
      }
    },

    isOutdated: (sealed: Sealed) => kidOf(sealed) !== ring.newest.kid,
  }
}

function keyOf(ring: KeyRing, kid: string | undefined): Uint8Array {
  const key = ring.find(kid)
  if (!key) throw new Error(`no key with id ${kid}`)
  return key
}

/** Only the four members that `seal` writes, in the one spelling that base64url has for them. */
function readJwe(sealed: string): FlattenedJWE & { protected: string } {
  const jwe: Record<string, unknown> = JSON.parse(sealed)
  const { protected: header, iv, ciphertext, tag, ...rest } = jwe
  if (Object.keys(rest).length > 0) throw new Error('unknown members in a sealed text')
  if (!isBase64url(header) || !isBase64url(iv) || !isBase64url(ciphertext) || !isBase64url(tag)) {
    throw new Error('a sealed text has a part that is not base64url')
  }
  return { protected: header, iv, ciphertext, tag }
}

function kidOf(sealed: string): unknown {
  try {
    return JSON.parse(Buffer.from(readJwe(sealed).protected, 'base64url').toString()).kid
  } catch {
    return undefined // not ours at all: whoever opens it is told
  }
}

/** Node reads more spellings than it writes; only the written one counts, so that every changed character is noticed. */
export function isBase64url(part: unknown): part is string {
  return typeof part === 'string' && Buffer.from(part, 'base64url').toString('base64url') === part
}

/** What we sealed ourselves, with its dates as dates again. */
function readTokens(plaintext: Uint8Array): Tokens {
  const tokens = JSON.parse(Buffer.from(plaintext).toString())
  return { ...tokens, accessExpiresAt: dateOf(tokens.accessExpiresAt), refreshExpiresAt: dateOf(tokens.refreshExpiresAt) }
}

function dateOf(text: string | null): Date | null {
  return text === null ? null : new Date(text)
}
