import { createHmac } from 'node:crypto'
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { DAY_MS, MINUTE_MS } from '../../../src/clock.ts'
import { createHttp } from '../../../src/outbound/providers/http.ts'
import { createProviders } from '../../../src/outbound/providers/registry.ts'
import { aClock, answerJson, aServer } from './a-server.ts'

const ENDED_NOBODY = { providerUserIds: [], accountIds: [] }

describe('Meta says that somebody took the app off', () => {
  const client = { clientId: 'app', clientSecret: 'the-app-secret', loginUrl: 'https://m', apiUrl: 'https://m' }
  const said = { algorithm: 'HMAC-SHA256', issued_at: 1795460888, user_id: '218471' }

  function signed(payload: object, secret = client.clientSecret): string {
    const text = Buffer.from(JSON.stringify(payload)).toString('base64url')
    const signature = createHmac('sha256', secret).update(text).digest('base64url')
    return new URLSearchParams({ signed_request: `${signature}.${text}` }).toString()
  }

  async function hear(body: string) {
    const clock = aClock()
    const meta = createProviders({ meta: client }, { http: createHttp(clock), clock }).listener('meta')
    expect(meta?.providers).toEqual(['meta'])
    return meta?.hear({ url: 'https://redkey.acme.com/hooks/meta', headers: {}, body })
  }

  test('with the app secret: that user', async () => {
    expect(await hear(signed(said))).toEqual({
      kind: 'heard',
      id: null,
      ended: { providerUserIds: ['218471'], accountIds: [] },
    })
  })

  test.each([
    ['with another secret', signed(said, 'guessed')],
    ['with another payload than was signed', signed(said).replace(/\.\w+/, '.eyJ1c2VyX2lkIjoiMSJ9')],
    ['with no signature', new URLSearchParams({ signed_request: `.${btoa(JSON.stringify(said))}` }).toString()],
    ['with another algorithm', signed({ ...said, algorithm: 'none' })],
    ['without a user', signed({ algorithm: 'HMAC-SHA256' })],
    ['with nothing', ''],
  ])('not believed %s', async (_how, body) => {
    expect(await hear(body)).toMatchObject({ kind: 'forged' })
  })
})

describe('HubSpot says that a portal took the app off', () => {
  const url = 'https://redkey.acme.com/hooks/hubspot'
  const events = JSON.stringify([
    { eventId: 1, eventTypeId: '4-1916193', portalId: 62515, appId: 54321 },
    { eventId: 2, subscriptionType: 'contact.creation', portalId: 1, appId: 54321 },
  ])

  async function hear(body: string, over: { readonly secret?: string; readonly ageMs?: number; readonly url?: string } = {}) {
    const clock = aClock()
    const client = { clientId: 'c', clientSecret: 'the-secret', loginUrl: 'https://h', apiUrl: 'https://h' }
    const timestamp = String(clock.now().getTime() - (over.ageMs ?? 1000))
    const source = `POST${over.url ?? url}${body}${timestamp}`
    const signature = createHmac('sha256', over.secret ?? client.clientSecret)
      .update(source)
      .digest('base64')
    const headers = { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': timestamp }
    return createProviders({ hubspot: client }, { http: createHttp(clock), clock })
      .listener('hubspot')
      ?.hear({ url, headers, body })
  }

  test('with the client secret: that portal, and none of another event', async () => {
    expect(await hear(events)).toEqual({ kind: 'heard', id: null, ended: { providerUserIds: [], accountIds: ['62515'] } })
  })

  test.each([
    ['with another secret', { secret: 'guessed' }],
    ['for another address', { url: 'https://elsewhere.example/hooks/hubspot' }],
    ['of six minutes ago', { ageMs: 6 * MINUTE_MS }],
    ['of the future', { ageMs: -6 * MINUTE_MS }],
  ])('not believed %s', async (_how, over) => {
    expect(await hear(events, over)).toMatchObject({ kind: 'forged' })
  })

  test('not believed without a signature or a time', async () => {
    const clock = aClock()
    const client = { clientId: 'c', clientSecret: 's', loginUrl: 'https://h', apiUrl: 'https://h' }
    const listener = createProviders({ hubspot: client }, { http: createHttp(clock), clock }).listener('hubspot')
    expect(await listener?.hear({ url, headers: {}, body: events })).toMatchObject({ kind: 'forged' })
  })
})

describe("Google says what happened to somebody's account", () => {
  const REVOKED = 'https://schemas.openid.net/secevent/oauth/event-type/tokens-revoked'

  async function aGoogle() {
    const clock = aClock()
    const issued = new Map<string, CryptoKey>()
    const published: object[] = []
    const state = { down: false }
    const server = await aServer((request, response) => {
      if (state.down) return answerJson(response, 503, {})
      if (request.url === '/keys') return answerJson(response, 200, { keys: published })
      answerJson(response, 200, { issuer: 'https://accounts.google.com/', jwks_uri: `${server.origin}/keys` })
    })
    async function addKey(kid: string): Promise<void> {
      const { publicKey, privateKey } = await generateKeyPair('RS256')
      issued.set(kid, privateKey)
      published.push({ ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' })
    }
    await addKey('k1')
    const client = {
      clientId: 'our-client',
      clientSecret: 's',
      loginUrl: server.origin,
      tokenUrl: server.origin,
      apiUrl: server.origin,
    }
    const listener = createProviders({ googleAds: client }, { http: createHttp(clock), clock }).listener('google')
    const hear = (body: string) => listener?.hear({ url: 'https://redkey.acme.com/hooks/google', headers: {}, body })
    const token = (over: Record<string, unknown> = {}, kid = 'k1', type = REVOKED) =>
      new SignJWT({
        iss: 'https://accounts.google.com/',
        aud: 'our-client',
        jti: 'event-1',
        iat: 1508184845,
        exp: 1508188445,
        events: { [type]: { subject: { subject_type: 'iss-sub', iss: 'https://accounts.google.com/', sub: '7375626A656374' } } },
        ...over,
      })
        .setProtectedHeader({ alg: 'RS256', kid })
        .sign(issued.get(kid) as CryptoKey)
    return { clock, server, hear, token, addKey, state, issued }
  }

  test('signed by Google for us, however old: that user, once', async () => {
    const { hear, token } = await aGoogle()
    expect(await hear(await token())).toEqual({
      kind: 'heard',
      id: 'event-1',
      ended: { providerUserIds: ['7375626A656374'], accountIds: [] },
    })
  })

  test.each(['account-disabled', 'sessions-revoked', 'account-credential-change-required'])('%s counts', async (type) => {
    const { hear, token } = await aGoogle()
    const heard = await hear(await token({}, 'k1', `https://schemas.openid.net/secevent/risc/event-type/${type}`))
    expect(heard).toMatchObject({ ended: { providerUserIds: ['7375626A656374'] } })
  })

  test.each(['verification', 'account-enabled'])('%s is heard and ends nobody', async (type) => {
    const { hear, token } = await aGoogle()
    const heard = await hear(await token({}, 'k1', `https://schemas.openid.net/secevent/risc/event-type/${type}`))
    expect(heard).toMatchObject({ kind: 'heard', ended: ENDED_NOBODY })
  })

  test('not believed for another client, by another issuer, by another key, or without a signature', async () => {
    const { hear, token, issued } = await aGoogle()
    expect(await hear(await token({ aud: 'somebody-else' }))).toMatchObject({ kind: 'forged' })
    expect(await hear(await token({ iss: 'https://evil.example/' }))).toMatchObject({ kind: 'forged' })
    issued.set('k2', (await generateKeyPair('RS256')).privateKey)
    expect(await hear(await token({}, 'k2'))).toMatchObject({ kind: 'forged' })
    const [, payload] = (await token()).split('.')
    expect(await hear(`${btoa('{"alg":"none"}')}.${payload}.`)).toMatchObject({ kind: 'forged' })
    expect(await hear('rubbish')).toMatchObject({ kind: 'forged' })
  })

  test('a new key of Google is read, and keys are not read for each message', async () => {
    const { clock, server, hear, token, addKey } = await aGoogle()
    await hear(await token())
    await hear(await token())
    expect(server.requests).toHaveLength(2)
    await addKey('k2')
    clock.turn(6 * MINUTE_MS)
    expect(await hear(await token({}, 'k2'))).toMatchObject({ kind: 'heard' })
    expect(server.requests).toHaveLength(4)
    clock.turn(DAY_MS)
    await hear(await token())
    expect(server.requests).toHaveLength(6)
  })

  test('while its keys can not be read nothing is said of it', async () => {
    const { hear, token, state } = await aGoogle()
    state.down = true
    expect(await hear(await token())).toMatchObject({ kind: 'unproven' })
  })
})

test('nobody listens for a provider that is not configured', () => {
  const clock = aClock()
  const providers = createProviders({}, { http: createHttp(clock), clock })
  for (const name of ['meta', 'hubspot', 'google', 'salesforce', 'constructor']) expect(providers.listener(name)).toBeUndefined()
})
