import { expect, test } from 'vitest'
import { SCOPES } from '../../../../src/outbound/providers/hubspot/scopes.ts'
import { aHubSpot, json, theTokens } from './a-hubspot.ts'

const SCHEMAS = '/crm-object-schemas/2026-03/schemas'
const BATCH = '/crm/properties/2026-03/2-77/batch/create'
const ALL = [...SCOPES.required, ...SCOPES.optional]

/** An account whose object has some properties; null: it has no such object. A POST of the object gets `made`. */
async function anAccount(properties: readonly object[] | null, made = json(201, {})) {
  const schema = { objectTypeId: '2-77', fullyQualifiedName: 'p1_redkey_touchpoint', name: 'redkey_touchpoint', properties }
  const listed = json(200, { results: properties === null ? [] : [schema] })
  const there = await aHubSpot({
    [SCHEMAS]: (request, response) => (request.method === 'GET' ? listed : made)(request, response),
    [BATCH]: json(201, { status: 'COMPLETE', results: [] }),
  })
  const { setup } = there.crm
  if (!setup) throw new Error('HubSpot has no setup')
  const tokens = theTokens({ apiOrigin: there.origin, scopes: ALL })
  return { ...there, setup, tokens, posted: () => there.requests.filter(({ method }) => method === 'POST') }
}

type Account = Awaited<ReturnType<typeof anAccount>>

async function steps({ setup, tokens }: Account) {
  const described = await setup.describe(tokens)
  if (described.kind !== 'ok') throw new Error(described.code)
  return described.value
}

async function apply(account: Account) {
  const missing = (await steps(account)).find(({ state }) => state === 'missing')
  if (!missing) throw new Error('nothing is missing')
  return account.setup.apply(account.tokens, missing, null)
}

const KEY = { name: 'touch_key', type: 'string', hasUniqueValue: true, groupName: 'somewhere' }

test('an object that is not there is made in one call, with all that the mapping names', async () => {
  const account = await anAccount(null)
  expect(await steps(account)).toMatchObject([
    { id: 'crm.schemas.custom.write', state: 'there' },
    { id: 'p_redkey_touchpoint', state: 'missing' },
  ])
  expect(await apply(account)).toEqual({ kind: 'ok', value: { kind: 'done' } })
  const body = JSON.parse(account.posted()[0]?.body ?? '')
  expect(body).toMatchObject({
    name: 'redkey_touchpoint',
    primaryDisplayProperty: 'touch_key',
    requiredProperties: ['touch_key'],
  })
  expect(body.properties.filter((one: { hasUniqueValue: boolean }) => one.hasUniqueValue)).toEqual([
    { name: 'touch_key', label: 'Touch key', type: 'string', fieldType: 'text', hasUniqueValue: true },
  ])
  expect(body.properties).toContainEqual({
    name: 'occurred_at',
    label: 'Occurred at',
    type: 'datetime',
    fieldType: 'date',
    hasUniqueValue: false,
  })
  const { touchpoints } = account.crm.defaultMapping
  expect(body.properties.map(({ name }: { name: string }) => name).sort()).toEqual(
    [touchpoints.externalIdField, ...Object.values(touchpoints.fields)].sort(),
  )
})

test('an object that lacks properties gets those alone, in a group that it has', async () => {
  const hidden = { name: 'hs_object_id', type: 'number', hubspotDefined: true, groupName: 'hidden' }
  const account = await anAccount([hidden, KEY, { name: 'medium', type: 'string', archived: true }])
  expect((await steps(account)).at(-1)?.missing).toContain('medium')
  await apply(account)
  const [request] = account.posted()
  expect(request?.url).toBe(BATCH)
  const { inputs } = JSON.parse(request?.body ?? '')
  expect(inputs).toContainEqual({
    name: 'medium',
    label: 'Medium',
    type: 'string',
    fieldType: 'text',
    hasUniqueValue: false,
    groupName: 'somewhere',
  })
  expect(inputs.map(({ name }: { name: string }) => name)).not.toContain('touch_key')
})

test.each([
  ['a key with the same value twice', { ...KEY, hasUniqueValue: false }, 'makes another with unique values'],
  ['a property that nobody can write', { name: 'medium', type: 'string', calculated: true }, 'properties medium'],
  ['a date that takes no time of the day', { name: 'occurred_at', type: 'date' }, 'properties occurred_at'],
])('%s is told, and nothing is made', async (_what, property, told) => {
  const account = await anAccount([property])
  const [step, ...others] = await steps(account)
  expect(step).toMatchObject({ state: 'different', differs: expect.stringContaining(told) })
  expect(others).toEqual([])
})

test('a login without the right to make objects is told before anything is made', async () => {
  const account = await anAccount(null)
  const described = await account.setup.describe({ ...account.tokens, scopes: SCOPES.required })
  expect(described).toMatchObject({
    value: [
      { id: 'crm.schemas.custom.write', state: 'different', differs: expect.stringContaining('super admin') },
      { state: 'missing' },
    ],
  })
})

const error = (category: string, message: string) => ({ status: 'error', category, message })

test.each([
  ['a missing right', 403, error('USER_DOES_NOT_HAVE_PERMISSIONS', 'No.'), 'permission', /super admin.*says: No\./],
  ['a missing scope', 403, error('MISSING_SCOPES', 'No scopes.'), 'permission', /super admin.*says: No scopes\./],
  ['a limit', 400, error('VALIDATION_ERROR', 'You have reached the limit of objects.'), 'permission', /room for one more/],
  ['a name that is taken', 409, error('OBJECT_ALREADY_EXISTS', 'It exists.'), 'rejected', /It exists\. .*deleted for good/],
  ['a body that HubSpot dislikes', 400, error('VALIDATION_ERROR', 'Bad label.'), 'rejected', /says: Bad label\.$/],
  ['an outage', 502, {}, 'transient', /./],
])('%s says what to do about it', async (_what, status, body, kind, says) => {
  const account = await anAccount(null, json(status, body))
  expect(await apply(account)).toMatchObject({ kind, explanation: expect.stringMatching(says) })
})
