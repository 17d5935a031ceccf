import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { API_SCOPES, type ApiScope, readApiToken } from '../../src/domain/workspaces/api-token.ts'
import { addToken, printTokens, readTokenCommand, removeToken } from '../../src/inbound/cli/tokens.ts'
import { anInstallation, at, aWorkspace, aWorkspaceEntry } from '../support/builders.ts'
import { aWorld, type World } from '../support/world.ts'

let world: World
let made = 0
beforeAll(async () => {
  world = await aWorld({ env: { REDKEY_API_TOKENS: '' } })
  await world.store.installations.save(anInstallation(), aWorkspace({ teamId: 'T2', name: 'Beta' }), aWorkspaceEntry())
})
afterAll(() => world[Symbol.asyncDispose]())

function deps() {
  made += 1
  return { ...world.app.deps, newTokenId: () => `0000000000${String(made).padStart(2, '0')}` }
}

/** Makes one as on the terminal, and answers it. */
async function aToken(label: string, ...scopes: ApiScope[]): Promise<string> {
  const { code, says } = await addToken(deps(), { kind: 'add', label, workspace: 'T0ACME', scopes })
  expect(code).toBe(0)
  return says.split('\n')[0] ?? ''
}

async function ask(token: string | null, path: string, method = 'GET') {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
  const body = method === 'GET' ? {} : { body: '[]' }
  const init = { method, ...body, headers: { ...headers, ...(method === 'GET' ? {} : { 'content-type': 'application/json' }) } }
  const answer = await fetch(`${world.config.url}${path}`, init)
  const { code, detail } = (await answer.json()) as { code?: string; detail?: string }
  return { status: answer.status, code, detail, challenge: answer.headers.get('www-authenticate') }
}

test('without any token the API is off, and the first that is made switches it on', async () => {
  expect(await ask(null, '/v1/connections')).toMatchObject({ status: 404, code: 'api_disabled' })
  expect(await ask('rk_000000000000_x', '/v1/connections')).toMatchObject({ status: 404, code: 'api_disabled' })
  const token = await aToken('first', 'connections:read')
  expect(await ask(token, '/v1/connections')).toMatchObject({ status: 200 })
  expect(await ask(null, '/v1/connections')).toMatchObject({ status: 401, code: 'unauthorized' })
})

test('a token is kept as a hash only, and is read in constant time', async () => {
  const token = await aToken('hashed', 'costs:read')
  expect(token).toMatch(/^rk_[0-9a-f]{12}_[\w-]{43}$/)
  const stored = (await world.store.apiTokens.all()).find(({ label }) => label === 'hashed')
  expect(JSON.stringify(stored)).not.toContain(token.slice(16))
  expect(await readApiToken(world.app.deps, token)).toMatchObject({ label: 'hashed', teamId: 'T0ACME' })
  for (const wrong of [`${token}x`, token.slice(0, -1), token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')), '', 'rk__'])
    expect(await readApiToken(world.app.deps, wrong), wrong).toBeUndefined()
})

describe('each route', () => {
  const ROUTES: readonly (readonly [string, string, ApiScope])[] = [
    ['POST', '/v1/touchpoints', 'touchpoints:write'],
    ['GET', '/v1/touchpoints/{id}', 'touchpoints:read'],
    ['GET', '/v1/connections', 'connections:read'],
    ['GET', '/v1/connections/{name}', 'connections:read'],
    ['POST', '/v1/connections/{name}/check', 'connections:write'],
    ['GET', '/v1/connections/{name}/mapping', 'connections:read'],
    ['PUT', '/v1/connections/{name}/mapping', 'connections:write'],
    ['GET', '/v1/connections/{name}/costs', 'costs:read'],
    ['GET', '/v1/connections/{name}/rejects', 'rejects:read'],
    ['POST', '/v1/connections/{name}/rejects/retry', 'rejects:write'],
    ['POST', '/v1/connections/{name}/rejects/dismiss', 'rejects:write'],
  ]

  test('of the API is among them, with the scope that its description names', async () => {
    const api = (await (await fetch(`${world.config.url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, { security?: unknown }>>
    }
    const described = Object.entries(api.paths).flatMap(([path, methods]) =>
      path.startsWith('/v1/')
        ? Object.entries(methods).map(([method, { security }]) => [`${method.toUpperCase()} ${path}`, security])
        : [],
    )
    expect(Object.fromEntries(described)).toEqual(
      Object.fromEntries(ROUTES.map(([method, path, scope]) => [`${method} ${path}`, [{ token: [scope] }]])),
    )
  })

  test.each(ROUTES)('%s %s needs %s', async (method, path, scope) => {
    const filled = path.replace('{name}', 'none').replace('{id}', 'tp_1')
    const others = API_SCOPES.filter((one) => one !== scope)
    const all = await aToken(`without-${made}`, ...others)
    const refused = await ask(all, filled, method)
    expect(refused).toMatchObject({ status: 403, code: 'insufficient_scope', detail: expect.stringContaining(`needs ${scope}`) })
    expect(refused.challenge).toContain('error="insufficient_scope"')
    const allowed = await ask(await aToken(`with-${made}`, scope), filled, method)
    expect([401, 403]).not.toContain(allowed.status)
  })
})

test('metrics take a token that may read connections, and tell it of its workspace', async () => {
  const from = (token: string) =>
    fetch(`${world.config.url}/metrics`, { headers: { authorization: `Bearer ${token}`, 'x-forwarded-for': '192.0.2.1' } })
  expect((await from(await aToken('no-metrics', 'touchpoints:write'))).status).toBe(403)
  const text = await (await from(await aToken('metrics', 'connections:read'))).text()
  expect(text).toContain('redkey_outages_open 0')
  expect(text).not.toContain('redkey_http_requests_total')
})

test('a token that was removed works no more', async () => {
  const token = await aToken('short-lived', 'connections:read')
  expect((await ask(token, '/v1/connections')).status).toBe(200)
  expect(await removeToken(deps(), 'short-lived')).toMatchObject({ code: 0 })
  expect(await ask(token, '/v1/connections')).toMatchObject({ status: 401, code: 'unauthorized' })
  expect(await removeToken(deps(), 'short-lived')).toMatchObject({ code: 1 })
})

test('what programs send wrong is told with the label of their token', async () => {
  await world.connect()
  const token = await aToken('the-website', 'touchpoints:write')
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const records = Array.from({ length: 25 }, (_, index) => ({ id: `bad_${index}`, occurredAt: 'yesterday' }))
  await fetch(`${world.config.url}/v1/touchpoints`, { method: 'POST', headers, body: JSON.stringify(records) })
  await world.beat(2)
  expect(JSON.stringify(world.slack.messages('C0MARKETINGOPS').map(({ blocks }) => blocks))).toContain('API token the-website')
})

describe('on the terminal', () => {
  test.each([
    [['list'], { kind: 'list' }],
    [['add', 'website'], { kind: 'add', label: 'website', workspace: null, scopes: ['touchpoints:write'] }],
    [
      ['add', 'bi', '--workspace', 'T2', '--scope', 'costs:read', '--scope', 'connections:read,rejects:read'],
      { kind: 'add', label: 'bi', workspace: 'T2', scopes: ['connections:read', 'costs:read', 'rejects:read'] },
    ],
    [['remove', 'website'], { kind: 'remove', label: 'website' }],
    [[], { kind: 'usage' }],
    [['add'], { kind: 'usage' }],
    [['add', 'a', 'b'], { kind: 'usage' }],
    [['add', 'website', '--scope', 'everything'], { kind: 'usage' }],
    [['remove', 'website', '--scope', 'costs:read'], { kind: 'usage' }],
    [['list', 'website'], { kind: 'usage' }],
    [['add', 'website', '--secret', 'x'], { kind: 'usage' }],
  ])('%j', (args, command) => {
    expect(readTokenCommand(args)).toEqual(command)
  })

  test('a token is made for a workspace that there is, under a label that is free', async () => {
    const add = (label: string, workspace: string | null) =>
      addToken(deps(), { kind: 'add', label, workspace, scopes: ['costs:read'] })
    expect(await add('report', null)).toMatchObject({ code: 1, says: expect.stringContaining('--workspace') })
    expect(await add('report', 'T9')).toMatchObject({ code: 1, says: expect.stringContaining('T2 (Beta)') })
    expect(await add('Report!', 'T2')).toMatchObject({ code: 1, says: expect.stringContaining('no label') })
    expect(await add('report', 'T2')).toMatchObject({
      code: 0,
      says: expect.stringContaining('report of Beta (T2), for: costs:read'),
    })
    expect(await add('report', 'T0ACME')).toMatchObject({ code: 1, says: expect.stringContaining('already') })
  })

  test('the list names label, workspace and scopes', async () => {
    const token = {
      id: 'a',
      label: 'bi',
      teamId: 'T2',
      hash: 'h',
      scopes: ['costs:read', 'rejects:read'] as const,
      addedAt: at(0),
    }
    const listed = printTokens([token], [aWorkspace({ teamId: 'T2', name: 'Beta' })])
    expect(listed).toMatch(/bi +Beta \(T2\) +costs:read, rejects:read +2026-11-23/)
    expect(printTokens([], [])).toContain('No tokens')
  })
})
