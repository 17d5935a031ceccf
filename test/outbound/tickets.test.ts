import fc from 'fast-check'
import { SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { later, MINUTE_MS, SECOND_MS } from '../../src/clock.ts'
import type { LoginFlow, LoginTicket, Ticket } from '../../src/domain/access/secrets.ts'
import { sealedTexts, ticketOffice } from '../../src/outbound/tickets.ts'

const OLD = Buffer.alloc(32, 1)
const NEW = Buffer.alloc(32, 2)
const START = new Date('2026-11-20T10:00:00.789Z')
const SOON = later(START, 10 * MINUTE_MS)

const CONNECT: LoginTicket = {
  kind: 'connect',
  id: '01976f0a-5b0e-7c4e-9a60-6a8f4e2f7d11',
  teamId: 'T0123456789',
  userId: 'U0123456789',
  userName: 'Maria Fernández',
  provider: 'salesforce',
  client: 'acme-eu',
  confirms: true,
  channelId: 'C0123456789',
  wishes: { name: 'acme-eu', channelId: 'C0123456789', ownerId: null },
}
const REAUTHORIZE: LoginTicket = {
  kind: 'reauthorize',
  connectionId: '01976f0a-5b0e-7c4e-9a60-6a8f4e2f7d11',
  outageId: '01976f0a-5b0e-7c4e-9a60-6a8f4e2f7d12',
  userId: null,
}
const REJECTS: Ticket = {
  kind: 'rejects',
  connectionId: '01976f0a-5b0e-7c4e-9a60-6a8f4e2f7d11',
  teamId: 'T0123456789',
  userId: 'U0123456789',
}
const INVITE: LoginTicket = {
  kind: 'invite',
  invitationId: '01976f0a-5b0e-7c4e-9a60-6a8f4e2f7d11',
  connectionId: '01976f0a-5b0e-7c4e-9a60-6a8f4e2f7d12',
  outageId: '01976f0a-5b0e-7c4e-9a60-6a8f4e2f7d13',
}
const FLOW: LoginFlow = {
  state: 's'.repeat(43),
  codeVerifier: 'v'.repeat(43),
  provider: 'salesforce',
  client: { id: 'client', tokenOrigin: 'https://login.salesforce.com' },
  teamId: 'T1',
  ticket: REAUTHORIZE,
  expiresAt: SOON,
}

const anyTicket: fc.Arbitrary<Ticket> = fc.oneof(
  fc.record({
    kind: fc.constant('connect' as const),
    id: fc.string(),
    teamId: fc.string(),
    userId: fc.string(),
    userName: fc.string({ unit: 'grapheme' }),
    provider: fc.string(),
    client: fc.option(fc.string()),
    confirms: fc.boolean(),
    channelId: fc.option(fc.string()),
    wishes: fc.option(
      fc.record({ name: fc.option(fc.string()), channelId: fc.option(fc.string()), ownerId: fc.option(fc.string()) }),
    ),
  }),
  fc.record({
    kind: fc.constant('reauthorize' as const),
    connectionId: fc.string(),
    outageId: fc.option(fc.string()),
    userId: fc.option(fc.string()),
  }),
  fc.record({
    kind: fc.constant('reauthorize' as const),
    connectionId: fc.string(),
    outageId: fc.constant(null),
    userId: fc.constant(null),
    grantId: fc.string(),
  }),
  fc.record({
    kind: fc.constant('invite' as const),
    invitationId: fc.string(),
    connectionId: fc.string(),
    outageId: fc.option(fc.string()),
  }),
  fc.record({ kind: fc.constant('rejects' as const), connectionId: fc.string(), teamId: fc.string(), userId: fc.string() }),
)

/** A clock that is turned by hand. */
function clockAt(start: Date) {
  let now = start
  return { now: () => now, pass: (ms: number) => (now = later(now, ms)) }
}

describe('a ticket', () => {
  test('comes back as it was', async () => {
    const office = ticketOffice([NEW], clockAt(START))
    await fc.assert(
      fc.asyncProperty(anyTicket, async (ticket) => {
        expect(await office.read(await office.sign(ticket, SOON))).toEqual({ kind: 'ok', ticket })
      }),
    )
  })

  test('fits into the URL of a Slack button with room to spare', async () => {
    const office = ticketOffice([NEW], clockAt(START))
    expect((await office.sign(REAUTHORIZE, SOON)).length).toBeLessThan(300)
    expect((await office.sign(CONNECT, SOON)).length).toBeLessThan(400)
    expect((await office.sign(REJECTS, SOON)).length).toBeLessThan(300)
    expect((await office.sign(INVITE, SOON)).length).toBeLessThan(350)
  })

  test('holds until its second is over, then says that it has expired', async () => {
    const clock = clockAt(START)
    const office = ticketOffice([NEW], clock)
    const text = await office.sign(REAUTHORIZE, SOON)
    clock.pass(10 * MINUTE_MS - SECOND_MS)
    expect(await office.read(text)).toMatchObject({ kind: 'ok' })
    clock.pass(SECOND_MS)
    expect(await office.read(text)).toEqual({ kind: 'expired' })
  })

  test('is forged when any one character was changed, expired or not', async () => {
    const clock = clockAt(START)
    const office = ticketOffice([NEW], clock)
    const text = await office.sign(REAUTHORIZE, SOON)
    const read = async () => {
      for (const changed of withOneCharacterChanged(text)) expect(await office.read(changed), changed).toEqual({ kind: 'forged' })
    }
    await read()
    clock.pass(20 * MINUTE_MS)
    await read()
  })

  test.each(['', '.', '..', 'a.b.c', 'x'.repeat(5000), '{"alg":"none"}', '\u0000.\u0000.\u0000'])(
    'is forged: %j',
    async (text) => {
      expect(await ticketOffice([NEW], clockAt(START)).read(text)).toEqual({ kind: 'forged' })
    },
  )

  test('is forged without a signature, with our raw key, and with a key nobody has', async () => {
    const office = ticketOffice([NEW], clockAt(START))
    const [header, payload] = (await office.sign(REAUTHORIZE, SOON)).split('.')
    const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')
    expect(await office.read(`${none}.${payload}.`)).toEqual({ kind: 'forged' })
    expect(await office.read(`${header}.${payload}.`)).toEqual({ kind: 'forged' })
    const { kid } = JSON.parse(Buffer.from(header ?? '', 'base64url').toString())
    const withRawKey = await new SignJWT({ c: 'c', o: null, u: null })
      .setProtectedHeader({ alg: 'HS256', kid })
      .setAudience('reauthorize')
      .setExpirationTime(SOON)
      .sign(NEW)
    expect(await office.read(withRawKey)).toEqual({ kind: 'forged' })
    expect(await office.read(await ticketOffice([OLD], clockAt(START)).sign(REAUTHORIZE, SOON))).toEqual({ kind: 'forged' })
  })

  test('of an old key is still read', async () => {
    const text = await ticketOffice([OLD], clockAt(START)).sign(CONNECT, SOON)
    expect(await ticketOffice([NEW, OLD], clockAt(START)).read(text)).toEqual({ kind: 'ok', ticket: CONNECT })
  })

  test('is no ticket of the other kind, no flow and no text, and the other way round', async () => {
    const clock = clockAt(START)
    const office = ticketOffice([NEW], clock)
    const texts = sealedTexts([NEW], clock, 'result')
    const [signed, flow, text] = [await office.sign(CONNECT, SOON), await office.sealFlow(FLOW), await texts.seal('hi', SOON)]
    const [, payload = ''] = signed.split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    expect(claims.aud).toBe('connect')
    const turned = Buffer.from(JSON.stringify({ ...claims, aud: 'reauthorize', o: null })).toString('base64url')
    expect(await office.read(signed.replace(payload, turned))).toEqual({ kind: 'forged' })
    for (const other of [flow, text]) expect(await office.read(other)).toEqual({ kind: 'forged' })
    for (const other of [signed, text]) expect(await office.openFlow(other)).toBeUndefined()
    for (const other of [signed, flow]) expect(await texts.open(other)).toBeUndefined()
  })
})

describe('a login flow', () => {
  test('comes back as it was, and shows nothing of itself', async () => {
    const office = ticketOffice([NEW], clockAt(START))
    const sealed = await office.sealFlow(FLOW)
    expect(await office.openFlow(sealed)).toEqual(FLOW)
    expect(sealed.length).toBeLessThan(1500)
    for (const part of sealed.split('.')) expect(Buffer.from(part, 'base64url').toString('latin1')).not.toContain('vvvv')
  })

  test('is gone when its time is over', async () => {
    const clock = clockAt(START)
    const office = ticketOffice([NEW], clock)
    const sealed = await office.sealFlow(FLOW)
    clock.pass(10 * MINUTE_MS)
    expect(await office.openFlow(sealed)).toBeUndefined()
  })

  test('does not open when any one character was changed', async () => {
    const office = ticketOffice([NEW], clockAt(START))
    const sealed = await office.sealFlow(FLOW)
    for (const changed of withOneCharacterChanged(sealed)) expect(await office.openFlow(changed), changed).toBeUndefined()
  })

  test.each(['', '....', 'a.b.c.d.e', 'x', '%00'])('is not %j', async (text) => {
    expect(await ticketOffice([NEW], clockAt(START)).openFlow(text)).toBeUndefined()
  })

  test('opens with the key that sealed it, also when that is an old one', async () => {
    const sealed = await ticketOffice([OLD], clockAt(START)).sealFlow({ ...FLOW, ticket: CONNECT })
    expect(await ticketOffice([NEW, OLD], clockAt(START)).openFlow(sealed)).toEqual({ ...FLOW, ticket: CONNECT })
    expect(await ticketOffice([NEW], clockAt(START)).openFlow(sealed)).toBeUndefined()
  })
})

/** Every text that differs from this one in exactly one place: changed, left out, or one more. */
function* withOneCharacterChanged(text: string): Generator<string> {
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    for (const other of ['A', 'B', '_', '=', '.']) {
      if (other !== character) yield `${text.slice(0, at)}${other}${text.slice(at + 1)}`
    }
    if (character !== '.') yield text.slice(0, at) + text.slice(at + 1)
    yield `${text.slice(0, at)} ${text.slice(at)}`
  }
}
