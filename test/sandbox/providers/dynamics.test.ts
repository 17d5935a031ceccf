import { expect, onTestFinished, test } from 'vitest'
import { startFakeDynamics } from '../../../src/sandbox/providers/dynamics/fake-dynamics.ts'
import { startFakeEntra } from '../../../src/sandbox/providers/entra/fake-entra.ts'
import { signIn } from '../../../src/sandbox/providers/sign-in.ts'

const REDIRECT_URI = 'http://localhost:3000/cb'
const SET = 'bizible2_bizible_touchpoints'

/** The fake by itself, asked by plain fetch. */
async function aContoso() {
  const entra = await startFakeEntra({ port: 0 })
  const fake = await startFakeDynamics({
    port: 0,
    entra,
    clientId: 'client',
    clientSecret: 'secret',
    redirectUris: [REDIRECT_URI],
  })
  onTestFinished(async () => {
    await Promise.all([fake.close(), entra.close()])
  })
  const contoso = fake.environment('Contoso')
  const uat = fake.environment('Contoso UAT')
  async function tokenFor(url: string): Promise<string> {
    const query = new URLSearchParams({
      client_id: 'client',
      response_type: 'code',
      redirect_uri: REDIRECT_URI,
      scope: `${url}/user_impersonation offline_access`,
    })
    const back = new URL(
      await signIn(`${entra.loginUrl}/organizations/oauth2/v2.0/authorize?${query}`, {
        org: 'Acme Inc',
        username: 'ana@acme.example',
      }),
    )
    const form = { grant_type: 'authorization_code', code: back.searchParams.get('code') ?? '', redirect_uri: REDIRECT_URI }
    const body = new URLSearchParams({ ...form, client_id: 'client', client_secret: 'secret' })
    const answer = await fetch(`${entra.loginUrl}/organizations/oauth2/v2.0/token`, { method: 'POST', body })
    return ((await answer.json()) as { access_token: string }).access_token
  }
  const token = await tokenFor(contoso.url)
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${contoso.url}/api/data/v9.2/${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } })
  const patch = (key: string, body: object) => call(`${SET}(${key})`, { method: 'PATCH', body: JSON.stringify(body) })
  return { fake, contoso, uat, call, patch, tokenFor }
}

async function codeOf(answer: Response): Promise<string> {
  return ((await answer.json()) as { error: { code: string } }).error.code
}

test('a token of one environment is unknown in the other', async () => {
  const { contoso, uat, tokenFor } = await aContoso()
  const authorization = `Bearer ${await tokenFor(uat.url)}`
  const [own, other] = await Promise.all(
    [uat, contoso].map(({ url }) => fetch(`${url}/api/data/v9.2/WhoAmI`, { headers: { authorization } })),
  )
  expect(await own?.json()).toMatchObject({ OrganizationId: uat.id })
  expect(other?.status).toBe(401)
  expect(other?.headers.get('www-authenticate')).toContain('error=invalid_token')
})

test('an upsert by key makes a record once, and the key comes from the address', async () => {
  const { contoso, patch } = await aContoso()
  for (const bizible2_medium of ['cpc', 'email'])
    expect((await patch("bizible2_uniqueid='a'", { bizible2_medium })).status).toBe(204)
  expect([...contoso.records('bizible2_bizible_touchpoint').values()]).toMatchObject([
    { created: 1, updated: 1, fields: { bizible2_uniqueid: 'a', bizible2_medium: 'email' } },
  ])
})

test.each(['a%2Fb', 'a%2Bb', 'a%23b', '50%25', 'a%26b', 'a%3Ab', 'a%5Cb', 'a%3Fb', '%3Ca%3E', 'a%2Ab'])(
  'the key %s does not work in an address, encoded or not',
  async (key) => {
    const { contoso, patch } = await aContoso()
    expect((await patch(`bizible2_uniqueid='${key}'`, {})).status).toBe(400)
    expect(contoso.records('bizible2_bizible_touchpoint').size).toBe(0)
  },
)

test('a column that is no key does not find records', async () => {
  const { patch } = await aContoso()
  expect((await patch("bizible2_medium='cpc'", {})).status).toBe(400)
})

test('a second record with the same key is refused', async () => {
  const { call } = await aContoso()
  const post = (key: string) => call(SET, { method: 'POST', body: JSON.stringify({ bizible2_uniqueid: key }) })
  expect((await post('a/b')).status).toBe(204)
  const second = await post('A/B')
  expect([second.status, await codeOf(second)]).toEqual([412, '0x80060892'])
})

test.each<[string, object, string]>([
  ['a column that is not there', { bizible2_nothing: 'x' }, '0x80048d19'],
  ['a lookup without its navigation property', { bizible2_contactid: '1' }, '0x80048d19'],
  ['a lookup to nobody', { 'bizible2_ContactId@odata.bind': '/contacts(1)' }, '0x80040217'],
  ['a text where a date belongs', { bizible2_touchpoint_date: 'soon' }, '0x80048d19'],
  ['a text that is too long', { bizible2_medium: 'x'.repeat(256) }, '0x80044331'],
])('%s is refused', async (_what, body, code) => {
  const { contoso, patch } = await aContoso()
  expect(await codeOf(await patch("bizible2_uniqueid='a'", body))).toBe(code)
  expect(contoso.counts('bizible2_bizible_touchpoint')).toEqual({ created: 0, updated: 0, refused: 1 })
})

test('a batch stops at its first error, unless it is told to go on', async () => {
  const { contoso, call } = await aContoso()
  const part = (key: string, body: object) =>
    `--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nPATCH /api/data/v9.2/${SET}(bizible2_uniqueid='${key}') HTTP/1.1\r\ncontent-type: application/json\r\n\r\n${JSON.stringify(body)}\r\n`
  const body = `${part('a', {})}${part('b', { nonsense: 1 })}${part('c', {})}--b--\r\n`
  const send = (prefer: string) =>
    call('$batch', { method: 'POST', body, headers: { 'content-type': 'multipart/mixed; boundary="b"', prefer } })
  const stopped = await send('')
  expect([stopped.status, (await stopped.text()).match(/HTTP\/1\.1 \d+/g)]).toEqual([400, ['HTTP/1.1 204', 'HTTP/1.1 400']])
  const wentOn = await send('odata.continue-on-error')
  expect(wentOn.status).toBe(200)
  expect((await wentOn.text()).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 204', 'HTTP/1.1 400', 'HTTP/1.1 204'])
  expect([...contoso.records('bizible2_bizible_touchpoint').keys()]).toEqual(['a', 'c'])
})

test('people see what arrived', async () => {
  const { contoso, patch } = await aContoso()
  await patch("bizible2_uniqueid='%3Cb%3E'", {})
  await patch("bizible2_uniqueid='tp-1'", { bizible2_medium: '<b>' })
  const page = await (await fetch(contoso.url)).text()
  expect(page).toContain('tp-1')
  expect(page).toContain('&lt;b&gt;')
  expect(page).not.toContain('<b>')
})
