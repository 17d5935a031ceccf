import type { ServerResponse } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Tokens } from '../../../../src/domain/provider.ts'
import { dynamics } from '../../../../src/outbound/providers/dynamics/dynamics.ts'
import { createHttp } from '../../../../src/outbound/providers/http.ts'
import { aClock, answerJson, aServer, type SeenRequest } from '../a-server.ts'

const API = '/api/data/v9.2/'
const TARGET = { object: 'new_touchpoint', externalIdField: 'new_key' }

const TABLE = {
  LogicalName: 'new_touchpoint',
  EntitySetName: 'new_touchpointset',
  PrimaryIdAttribute: 'new_touchpointid',
  IsCustomEntity: true,
  DisplayName: { UserLocalizedLabel: { Label: 'Touchpoint' } },
  Attributes: [
    { LogicalName: 'new_key', AttributeType: 'String', IsValidForCreate: true, IsValidForUpdate: true, MetadataId: 'm1' },
    { LogicalName: 'new_medium', AttributeType: 'String', IsValidForCreate: true, IsValidForUpdate: true, MetadataId: 'm2' },
    { LogicalName: 'new_once', AttributeType: 'String', IsValidForCreate: true, IsValidForUpdate: false, MetadataId: 'm3' },
    { LogicalName: 'new_person', AttributeType: 'Customer', IsValidForCreate: true, IsValidForUpdate: true, MetadataId: 'm4' },
    { LogicalName: 'new_lead', AttributeType: 'Lookup', IsValidForCreate: true, IsValidForUpdate: true, MetadataId: 'm5' },
    { LogicalName: 'new_leadname', AttributeType: 'String', AttributeOf: 'new_lead', MetadataId: 'm6' },
  ],
  Keys: [
    { KeyAttributes: ['new_key'], EntityKeyIndexStatus: 'Active' },
    { KeyAttributes: ['new_medium', 'new_once'], EntityKeyIndexStatus: 'Active' },
  ],
  ManyToOneRelationships: [
    {
      ReferencingAttribute: 'new_person',
      ReferencingEntityNavigationPropertyName: 'new_Person_contact',
      ReferencedEntity: 'contact',
    },
    {
      ReferencingAttribute: 'new_person',
      ReferencingEntityNavigationPropertyName: 'new_Person_account',
      ReferencedEntity: 'account',
    },
    { ReferencingAttribute: 'new_lead', ReferencingEntityNavigationPropertyName: 'new_Lead', ReferencedEntity: 'lead' },
  ],
  Privileges: [
    { PrivilegeType: 'Create', PrivilegeId: 'p1', Name: 'prvCreatenew_touchpoint' },
    { PrivilegeType: 'Write', PrivilegeId: 'p2', Name: 'prvWritenew_touchpoint' },
    { PrivilegeType: 'Delete', PrivilegeId: 'p3', Name: 'prvDeletenew_touchpoint' },
  ],
}

type Answering = (request: SeenRequest, response: ServerResponse) => void

/** The adapter against a server that answers by the beginning of the path; what it does not know is a 404 with a page. */
async function anEnvironment(answers: Readonly<Record<string, Answering>>) {
  const all: Readonly<Record<string, Answering>> = {
    WhoAmI: json(200, { UserId: 'user', OrganizationId: 'org' }),
    "EntityDefinitions(LogicalName='new_touchpoint')": json(200, TABLE),
    ...answers,
  }
  const server = await aServer((request, response) => {
    const path = request.url.replace(API, '')
    const found = Object.entries(all).find(([start]) => path.startsWith(start))
    if (found) found[1](request, response)
    else response.writeHead(404, { 'content-type': 'text/html' }).end('<html>')
  })
  const clock = aClock()
  const http = createHttp(clock, { timeoutMs: 2000 })
  onTestFinished(() => http.close())
  const config = { clientId: 'client', clientSecret: 'secret', loginUrl: 'https://login.microsoftonline.com', url: server.origin }
  return { ...server, crm: dynamics(config, { http, clock }), tokens: theTokens(server.origin) }
}

function theTokens(apiOrigin: string): Tokens {
  return {
    accessToken: 'access',
    refreshToken: 'refresh',
    apiOrigin,
    identityUrl: null,
    scopes: [],
    accessExpiresAt: null,
    refreshExpiresAt: null,
  }
}

function json(status: number, body: unknown): Answering {
  return (_request, response) => answerJson(response, status, body)
}

/** Answers a batch with these parts, whatever was asked. */
function parts(...statuses: number[]): Answering {
  return (_request, response) => {
    const text = statuses
      .map((status) => `--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 ${status} X\r\n\r\n\r\n`)
      .join('')
    response.writeHead(200, { 'content-type': 'multipart/mixed; boundary=b' }).end(`${text}--b--\r\n`)
  }
}

describe('a login', () => {
  const config = { clientId: 'client', clientSecret: 'secret', loginUrl: 'https://login.microsoftonline.com' }
  const deps = { http: createHttp(aClock()), clock: aClock() }
  const request = { redirectUri: 'https://redkey.example/cb', state: 's', codeChallenge: 'c', loginHint: 'ana@acme.example' }

  test('asks for the one environment of the settings', () => {
    const crm = dynamics({ ...config, url: 'https://contoso.crm4.dynamics.com' }, deps)
    const url = new URL(crm.authorizationUrl(request))
    expect(url.origin + url.pathname).toBe('https://login.microsoftonline.com/organizations/oauth2/v2.0/authorize')
    expect(url.searchParams.get('scope')).toBe('https://contoso.crm4.dynamics.com/user_impersonation offline_access')
    expect(url.searchParams.get('code_challenge_method')).toBe('S256')
  })

  test('names the tenant that the settings name', () => {
    const loginUrl = 'https://login.microsoftonline.com/contoso.onmicrosoft.com'
    const crm = dynamics({ ...config, loginUrl, url: 'https://contoso.crm.dynamics.com' }, deps)
    expect(new URL(crm.authorizationUrl(request)).pathname).toBe('/contoso.onmicrosoft.com/oauth2/v2.0/authorize')
  })
})

test('every call has the headers that the documentation wants', async () => {
  const { crm, tokens, requests } = await anEnvironment({ $batch: parts(204) })
  await crm.push(tokens, TARGET, [{ new_key: 'a', new_medium: 'cpc' }])
  for (const { headers } of requests) {
    expect(headers).toMatchObject({
      accept: 'application/json',
      authorization: 'Bearer access',
      'odata-version': '4.0',
      'odata-maxversion': '4.0',
      'if-none-match': 'null',
    })
  }
  expect(requests.at(-1)?.headers).toMatchObject({ prefer: 'odata.continue-on-error' })
  expect(requests.at(-1)?.body).toContain("PATCH /api/data/v9.2/new_touchpointset(new_key='a') HTTP/1.1")
  expect(requests.at(-1)?.body).toContain('\r\n{"new_medium":"cpc"}\r\n')
})

test.each(['https://evil.example', 'http://contoso.crm.dynamics.com', 'https://crm.dynamics.com.evil.example', 'nonsense'])(
  'no token goes to %s',
  async (apiOrigin) => {
    const { crm, requests } = await anEnvironment({})
    const tokens = theTokens(apiOrigin)
    const refused = { kind: 'misconfigured', code: 'api_host_refused' }
    expect(await crm.probe(tokens, { id: 'org', via: null })).toMatchObject(refused)
    expect(await crm.push(tokens, TARGET, [{ new_key: 'a' }])).toMatchObject(refused)
    expect(await crm.describe(tokens, 'new_touchpoint')).toMatchObject(refused)
    expect(requests).toEqual([])
  },
)

describe('an environment', () => {
  test.each([
    ['Customer', 'production'],
    ['Secondary', 'production'],
    ['Default', 'production'],
    [0, 'production'],
    ['CustomerTest', 'sandbox'],
    ['Developer', 'sandbox'],
    ['Trial', 'sandbox'],
    [5, 'sandbox'],
    [undefined, 'production'],
  ])('of the type %s is %s', async (OrganizationType, environment) => {
    const { crm, tokens } = await anEnvironment({
      RetrieveCurrentOrganization: json(200, { Detail: { FriendlyName: 'Contoso', OrganizationType } }),
      'systemusers(user)': json(200, { domainname: 'ana@acme.example' }),
    })
    expect(await crm.identify(tokens)).toMatchObject({ value: { accounts: [{ name: 'Contoso', environment }] } })
  })

  test('that does not say who logged in is asked again later', async () => {
    const { crm, tokens } = await anEnvironment({ WhoAmI: json(200, { UserId: 'user' }) })
    expect(await crm.identify(tokens)).toMatchObject({ kind: 'transient', code: 'unreadable_identity' })
  })

  test('that is down while its name is asked for gives no made-up name', async () => {
    const { crm, tokens } = await anEnvironment({ RetrieveCurrentOrganization: json(503, {}) })
    expect(await crm.identify(tokens)).toMatchObject({ kind: 'transient' })
  })
})

describe('a table', () => {
  const rights = (...names: string[]) => ({
    'systemusers(user)/Microsoft.Dynamics.CRM.RetrieveUserSetOfPrivilegesByNames': json(200, {
      RolePrivileges: names.map((PrivilegeName) => ({ PrivilegeName })),
    }),
  })
  const describedIn = async (answers: Readonly<Record<string, Answering>>) => {
    const { crm, tokens } = await anEnvironment(answers)
    const asked = await crm.describe(tokens, 'new_touchpoint')
    if (asked.kind !== 'ok') throw new Error(asked.code)
    const { fields } = asked.value
    return { ...asked.value, writableFields: fields.filter(({ writable }) => writable).map(({ name }) => name), fields }
  }

  test('has as writable what is written at creation and later, and points to one table', async () => {
    const { writableFields, fields, label } = await describedIn(rights('prvCreatenew_touchpoint', 'prvWritenew_touchpoint'))
    expect(label).toBe('Touchpoint')
    expect(writableFields).toEqual(['new_key', 'new_medium', 'new_lead'])
    expect(fields.map(({ name }) => name)).not.toContain('new_leadname')
    expect(fields.filter(({ externalId }) => externalId).map(({ name }) => name)).toEqual(['new_key'])
  })

  test('is not writable without one of the two rights', async () => {
    expect(await describedIn(rights('prvWritenew_touchpoint'))).toMatchObject({ writable: false })
    expect(await describedIn(rights('prvCreatenew_touchpoint', 'prvWritenew_touchpoint'))).toMatchObject({ writable: true })
  })

  test('is taken for writable where rights can’t be asked for', async () => {
    expect(await describedIn({ 'systemusers(user)': json(403, { error: { code: '0x80040220', message: '' } }) })).toMatchObject({
      writable: true,
    })
  })

  test('has no secured column that is writable without the right on it', async () => {
    const Attributes = TABLE.Attributes.map((one) => ({ ...one, IsSecured: one.LogicalName === 'new_medium' }))
    const secured = (CanUpdate: number) =>
      describedIn({
        "EntityDefinitions(LogicalName='new_touchpoint')": json(200, { ...TABLE, Attributes }),
        'systemusers(user)/Microsoft.Dynamics.CRM.RetrievePrincipalAttributePrivileges': json(200, {
          AttributePrivileges: [{ AttributeId: 'm2', CanCreate: 4, CanRead: 4, CanUpdate }],
        }),
        ...rights('prvCreatenew_touchpoint', 'prvWritenew_touchpoint'),
      })
    expect((await secured(4)).writableFields).toContain('new_medium')
    expect((await secured(0)).writableFields).not.toContain('new_medium')
  })
})

describe('a push', () => {
  const records = [{ new_key: 'a' }, { new_key: 'b' }]

  test('asks for the table once, also over several pushes', async () => {
    const { crm, tokens, requests } = await anEnvironment({ $batch: parts(204, 204) })
    await crm.push(tokens, TARGET, records)
    await crm.push(tokens, TARGET, records)
    expect(requests.filter(({ url }) => url.includes('EntityDefinitions'))).toHaveLength(1)
  })

  test('of nothing asks for nothing', async () => {
    const { crm, tokens, requests } = await anEnvironment({})
    expect(await crm.push(tokens, TARGET, [])).toMatchObject({ value: { outcomes: [] } })
    expect(requests).toEqual([])
  })

  test.each<[string, Answering]>([
    ['fewer answers than records', parts(204)],
    ['more answers than records', parts(204, 204, 204)],
    ['a page', (_request, response) => void response.writeHead(200).end('<html>')],
    ['nothing', (_request, response) => void response.writeHead(200).end()],
    ['a refusal of the whole', json(400, { error: { code: '0x80048d19', message: 'x' } })],
    ['an address that is gone', json(404, { Message: 'No HTTP resource was found that matches the request URI' })],
    ['a broken line', (_request, response) => void response.destroy()],
  ])('that is answered with %s refuses no record and writes none off', async (_what, answering) => {
    const { crm, tokens, requests } = await anEnvironment({ $batch: answering })
    expect(await crm.push(tokens, TARGET, records)).toMatchObject({ kind: 'transient' })
    expect(requests.at(-1)?.url).toBe(`${API}$batch`)
  })

  test('that is too large is cut by whoever asked', async () => {
    const { crm, tokens } = await anEnvironment({ $batch: (_request, response) => void response.writeHead(413).end('<html>') })
    expect(await crm.push(tokens, TARGET, records)).toMatchObject({ kind: 'rejected' })
  })

  test('that is refused as a whole is told as the environment told it', async () => {
    const notMember = { error: { code: '0x80072560', message: 'The user is not a member of the organization.' } }
    const { crm, tokens } = await anEnvironment({ $batch: json(403, notMember) })
    expect(await crm.push(tokens, TARGET, records)).toMatchObject({ kind: 'permission', cause: 'access_lost' })
  })

  test('of a record that was deleted since it was found goes again', async () => {
    const id = '0b1c2d3e-0000-4000-8000-000000000000'
    let batches = 0
    const { crm, tokens } = await anEnvironment({
      $batch: (_request, response) => {
        const status = batches++ === 0 ? '200 OK' : '404 Not Found'
        const body = batches === 1 ? { value: [{ new_touchpointid: id }] } : { error: { code: '0x80040217', message: 'x' } }
        const text = `--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 ${status}\r\n\r\n${JSON.stringify(body)}\r\n--b--`
        response.writeHead(200).end(text)
      },
    })
    expect(await crm.push(tokens, TARGET, [{ new_key: 'a/b' }])).toMatchObject({ value: { outcomes: [{ kind: 'retry' }] } })
  })
})
