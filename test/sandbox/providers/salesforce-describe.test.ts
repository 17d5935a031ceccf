import { expect, test } from 'vitest'
import { aSalesforce, connect, get, TOUCHPOINTS, touchpoint, UNIQUE_ID, upsert } from './salesforce-client.ts'

interface Described {
  readonly createable: boolean
  readonly updateable: boolean
  readonly fields: readonly ({ name: string } & Record<string, unknown>)[]
}

async function aDescribe(object: string): Promise<Described> {
  await using salesforce = await aSalesforce()
  return (await (await get(await connect(salesforce), `/v67.0/sobjects/${object}/describe`)).json()) as Described
}

function field(described: Described, name: string): Record<string, unknown> | undefined {
  return described.fields.find((one) => one.name === name)
}

test('describe tells the external id, the lookups and the lengths of a Buyer Touchpoint', async () => {
  const described = await aDescribe(TOUCHPOINTS)
  expect(described).toMatchObject({
    name: TOUCHPOINTS,
    label: 'Buyer Touchpoint',
    custom: true,
    createable: true,
    updateable: true,
  })
  expect(field(described, UNIQUE_ID)).toMatchObject({
    label: 'Unique Id',
    type: 'string',
    length: 255,
    externalId: true,
    unique: true,
    caseSensitive: false,
    custom: true,
    createable: true,
    updateable: true,
    nillable: true,
  })
  expect(field(described, 'bizible2__Lead__c')).toMatchObject({ type: 'reference', referenceTo: ['Lead'], externalId: false })
  expect(field(described, 'bizible2__Landing_Page_Raw__c')).toMatchObject({ type: 'textarea', length: 1024 })
  expect(field(described, 'bizible2__Touchpoint_Date__c')).toMatchObject({ type: 'datetime' })
  expect(field(described, 'Name')).toMatchObject({ autoNumber: true, createable: false })
  expect(new Set(described.fields.map((one) => one.name)).size).toBe(described.fields.length)
})

test('describe tells a restricted picklist and a required field', async () => {
  const described = await aDescribe('Redkey_Touchpoint__c')
  expect(field(described, 'Position__c')).toMatchObject({
    type: 'picklist',
    restrictedPicklist: true,
    picklistValues: ['FT', 'LC', 'OC', 'CW'].map((value) => expect.objectContaining({ value, active: true })),
  })
  expect(field(described, 'Occurred_At__c')).toMatchObject({ nillable: false, createable: true, defaultedOnCreate: false })
})

test.each(['bizible2__Bizible_Attribution_Touchpoint__c', 'bizible2__Bizible_Person__c', 'Lead', 'Contact', 'Account'])(
  'describe knows %s',
  async (object) => {
    expect((await aDescribe(object)).fields.map((one) => one.name)).toContain('Id')
  },
)

test('describe of an unknown object is not found', async () => {
  await using salesforce = await aSalesforce()
  const response = await get(await connect(salesforce), '/v67.0/sobjects/Nothing__c/describe')
  expect(response.status).toBe(404)
  expect(await response.json()).toEqual([{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }])
})

test('versions are listed without a session, the newest last', async () => {
  await using salesforce = await aSalesforce()
  const response = await fetch(`${salesforce.org('Acme Inc').instanceUrl}/services/data/`)
  const versions = (await response.json()) as { label: string; url: string; version: string }[]
  expect(versions.at(-1)).toEqual({ label: "Summer '26", url: '/services/data/v67.0', version: '67.0' })
  expect(versions.at(-3)).toEqual({ label: "Winter '26", url: '/services/data/v65.0', version: '65.0' })
  expect(response.headers.has('sforce-limit-info')).toBe(false)
})

test.each([
  ['v99.0', 404],
  ['v30.0', 410],
  ['latest', 404],
])('version %s answers %d', async (version, status) => {
  await using salesforce = await aSalesforce()
  expect((await get(await connect(salesforce), `/${version}/limits`)).status).toBe(status)
})

test('a query tells production from sandbox', async () => {
  await using salesforce = await aSalesforce()
  const query = '/v67.0/query?q=SELECT+Id,IsSandbox,Name,OrganizationType+FROM+Organization'
  const ask = async (org: string, username: string) => (await get(await connect(salesforce, { org, username }), query)).json()
  const { id } = salesforce.org('Acme Inc')
  expect(await ask('Acme Inc', 'ops@acme.example')).toEqual({
    totalSize: 1,
    done: true,
    records: [
      {
        attributes: { type: 'Organization', url: `/services/data/v67.0/sobjects/Organization/${id}` },
        Id: id,
        IsSandbox: false,
        Name: 'Acme Inc',
        OrganizationType: 'Enterprise Edition',
      },
    ],
  })
  expect(await ask('Acme UAT', 'ops@acme.example.uat')).toMatchObject({ records: [{ IsSandbox: true, Name: 'Acme UAT' }] })
})

test('queries count and find touchpoints', async () => {
  await using salesforce = await aSalesforce()
  const token = await connect(salesforce)
  await upsert(token, [touchpoint('tp_1', { bizible2__Medium__c: 'cpc' }), touchpoint('tp_2'), touchpoint('tp_3')])
  const ask = async (soql: string) => (await get(token, `/v67.0/query?q=${encodeURIComponent(soql)}`)).json()
  expect(await ask(`SELECT COUNT() FROM ${TOUCHPOINTS}`)).toEqual({ totalSize: 3, done: true, records: [] })
  expect(await ask(`SELECT Id, bizible2__Medium__c FROM ${TOUCHPOINTS} WHERE ${UNIQUE_ID} IN ('TP_1', 'none')`)).toMatchObject({
    totalSize: 1,
    records: [{ bizible2__Medium__c: 'cpc' }],
  })
  expect(await ask(`SELECT Nothing__c FROM ${TOUCHPOINTS}`)).toMatchObject([{ errorCode: 'INVALID_FIELD' }])
  expect(await ask('DELETE everything')).toMatchObject([{ errorCode: 'MALFORMED_QUERY' }])
})

test('the page of an org shows what arrived, with names escaped', async () => {
  await using salesforce = await aSalesforce()
  const { instanceUrl } = salesforce.org('Acme Inc')
  expect(await (await fetch(instanceUrl)).text()).toContain('No touchpoints have arrived yet.')
  await upsert(await connect(salesforce), [touchpoint('tp_1', { bizible2__Medium__c: '<img src=x>' })])
  const html = await (await fetch(instanceUrl)).text()
  expect(html).toContain('Buyer Touchpoints')
  expect(html).toContain('&lt;img src=x&gt;')
})
