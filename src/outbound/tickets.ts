import { EncryptJWT, errors, type JWTPayload, jwtDecrypt, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import type { LoginFlow, Ticket, Tickets } from '../domain/access/secrets.ts'
import { isBase64url, type KeyRing, keyRing } from './seal.ts'

/** Tickets travel in URLs, so their claims have one letter. */
const claimsSchema = z.discriminatedUnion('aud', [
  z.object({
    aud: z.literal('connect'),
    i: z.string(),
    t: z.string(),
    u: z.string(),
    n: z.string(),
    p: z.string(),
    k: z.string().nullable().default(null),
    s: z.boolean(),
    c: z.string().nullable(),
    w: z.tuple([z.string().nullable(), z.string().nullable(), z.string().nullable()]).nullable().default(null),
  }),
  z.object({
    aud: z.literal('reauthorize'),
    c: z.string(),
    o: z.string().nullable(),
    u: z.string().nullable(),
    g: z.string().optional(),
  }),
  z.object({ aud: z.literal('invite'), i: z.string(), c: z.string(), o: z.string().nullable() }),
  z.object({ aud: z.literal('rejects'), c: z.string(), t: z.string(), u: z.string() }),
  z.object({ aud: z.literal('export'), c: z.string(), t: z.string(), u: z.string() }),
])

type Claims = z.infer<typeof claimsSchema>

const flowSchema = z.object({
  state: z.string(),
  codeVerifier: z.string(),
  provider: z.string(),
  client: z.object({ id: z.string(), tokenOrigin: z.string() }),
  teamId: z.string(),
  ticket: claimsSchema,
  expiresAt: z.iso.datetime().transform((text) => new Date(text)),
})

/**
 * Tickets as JWT (HS256, audience = kind of the ticket), flows as encrypted JWT (`dir` + A256GCM). Both expire to the second,
 * rounded down. Their keys are derived from `REDKEY_KEYS`, apart from the ones that seal grants.
 */
export function ticketOffice(keys: readonly Uint8Array[], clock: Clock): Tickets {
  const signing = keyRing(keys, 'ticket')
  const flows = sealedTexts(keys, clock, 'flow')
  return {
    sign(ticket, expiresAt) {
      const { aud, ...claims } = toClaims(ticket)
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: signing.newest.kid })
        .setAudience(aud)
        .setExpirationTime(expiresAt)
        .sign(signing.newest.key)
    },

    async read(text) {
      if (!isWritten(text)) return { kind: 'forged' }
      try {
        const { payload } = await jwtVerify(text, ({ kid }) => keyOf(signing, kid), {
          algorithms: ['HS256'],
          audience: ['connect', 'reauthorize', 'invite', 'rejects', 'export'],
          requiredClaims: ['exp'],
          currentDate: clock.now(),
        })
        const claims = claimsSchema.safeParse(payload)
        return claims.success ? { kind: 'ok', ticket: toTicket(claims.data) } : { kind: 'forged' }
      } catch (cause) {
        if (cause instanceof errors.JWTExpired) return { kind: 'expired' }
        if (cause instanceof errors.JOSEError) return { kind: 'forged' }
        throw cause
      }
    },

    sealFlow: ({ ticket, ...flow }) => flows.seal(JSON.stringify({ ...flow, ticket: toClaims(ticket) }), flow.expiresAt),

    async openFlow(text) {
      const opened = await flows.open(text)
      if (opened === undefined) return undefined
      const read = flowSchema.safeParse(JSON.parse(opened))
      if (!read.success) return undefined
      const ticket = toTicket(read.data.ticket)
      return ticket.kind === 'rejects' || ticket.kind === 'export' ? undefined : ({ ...read.data, ticket } satisfies LoginFlow)
    },
  }
}

/** Short texts that only we can read and write, for cookies. */
export interface SealedTexts {
  seal(text: string, expiresAt: Date): Promise<string>
  /** Undefined when it is not ours, was made for another purpose, or has expired. */
  open(sealed: string): Promise<string | undefined>
}

export function sealedTexts(keys: readonly Uint8Array[], clock: Clock, purpose: string): SealedTexts {
  const ring = keyRing(keys, purpose)
  return {
    seal: (text, expiresAt) =>
      new EncryptJWT({ v: text })
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: ring.newest.kid })
        .setExpirationTime(expiresAt)
        .encrypt(ring.newest.key),

    async open(sealed) {
      if (!isWritten(sealed)) return undefined
      const payload = await decrypt(ring, sealed, clock.now())
      return typeof payload?.['v'] === 'string' ? payload['v'] : undefined
    },
  }
}

async function decrypt(ring: KeyRing, sealed: string, now: Date): Promise<JWTPayload | undefined> {
  try {
    const { payload } = await jwtDecrypt(sealed, ({ kid }) => keyOf(ring, kid), {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
      requiredClaims: ['exp'],
      currentDate: now,
    })
    return payload
  } catch (cause) {
    if (cause instanceof errors.JOSEError) return undefined
    throw cause
  }
}

function keyOf(ring: KeyRing, kid: string | undefined): Uint8Array {
  const key = ring.find(kid)
  if (!key) throw new errors.JWKSNoMatchingKey()
  return key
}

/** Spelled as base64url is written: no second text stands for the same bytes. An empty part is fine (`dir` has no key in it). */
function isWritten(compact: string): boolean {
  return compact.split('.').every(isBase64url)
}

function toClaims(ticket: Ticket): Claims {
  switch (ticket.kind) {
    case 'connect': {
      const { id, teamId, userId, userName, provider, client, confirms, channelId, wishes } = ticket
      const w: [string | null, string | null, string | null] | null = wishes && [wishes.name, wishes.channelId, wishes.ownerId]
      return { aud: 'connect', i: id, t: teamId, u: userId, n: userName, p: provider, k: client, s: confirms, c: channelId, w }
    }
    case 'reauthorize':
      return {
        aud: 'reauthorize',
        c: ticket.connectionId,
        o: ticket.outageId,
        u: ticket.userId,
        ...(ticket.grantId === undefined ? {} : { g: ticket.grantId }),
      }
    case 'invite':
      return { aud: 'invite', i: ticket.invitationId, c: ticket.connectionId, o: ticket.outageId }
    case 'rejects':
    case 'export':
      return { aud: ticket.kind, c: ticket.connectionId, t: ticket.teamId, u: ticket.userId }
    default:
      return ticket satisfies never
  }
}

function toTicket(claims: Claims): Ticket {
  switch (claims.aud) {
    case 'connect': {
      const { i, t, u, n, p, k, s, c, w } = claims
      const wishes = w && { name: w[0], channelId: w[1], ownerId: w[2] }
      return {
        kind: 'connect',
        id: i,
        teamId: t,
        userId: u,
        userName: n,
        provider: p,
        client: k,
        confirms: s,
        channelId: c,
        wishes,
      }
    }
    case 'reauthorize':
      return {
        kind: 'reauthorize',
        connectionId: claims.c,
        outageId: claims.o,
        userId: claims.u,
        ...(claims.g === undefined ? {} : { grantId: claims.g }),
      }
    case 'invite':
      return { kind: 'invite', invitationId: claims.i, connectionId: claims.c, outageId: claims.o }
    case 'rejects':
    case 'export':
      return { kind: claims.aud, connectionId: claims.c, teamId: claims.t, userId: claims.u }
    default:
      return claims satisfies never
  }
}
