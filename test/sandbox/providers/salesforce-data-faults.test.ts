import { request } from 'node:http'
import { describe, expect, test } from 'vitest'
import type { FakeOrg } from '../../../src/sandbox/providers/salesforce/org.ts'
import { ANA_UAT, aSalesforce, connect, get, TOUCHPOINTS, touchpoint, UNIQUE_ID, upsert } from './salesforce-client.ts'

describe('the data API', () => {
  const cases: readonly [string, (org: FakeOrg) => void, number, object][] = [
    [
      'server errors',
      (org) => Object.assign(org.switches, { serverError: true }),
      500,
      { errorCode: 'UNKNOWN_EXCEPTION', message: expect.stringContaining('An unexpected error occurred.') },
    ],
    [
      'a limit that is used up',
      (org) => Object.assign(org.switches, { rateLimited: true }),
      403,
      { errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' },
    ],
    [
      'a count of calls at the limit',
      (org) => Object.assign(org.apiUsage, { used: 5, limit: 5 }),
      403,
      { errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' },
    ],
    [
      'an API that is switched off',
      (org) => Object.assign(org.switches, { apiDisabled: true }),
      403,
      { errorCode: 'API_DISABLED_FOR_ORG', message: 'The REST API is not enabled for this Organization.' },
    ],
  ]

  test.each(cases)('with %s', async (_case, breakIt, status, body) => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    breakIt(salesforce.org('Acme Inc'))
    const response = await get(token, '/v67.0/limits')
    expect(response.status).toBe(status)
    expect(await response.json()).toEqual([body])
    expect(salesforce.org('Acme Inc').records(TOUCHPOINTS).size).toBe(0)
  })

  test('that is down answers HTML, to the version list too', async () => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    salesforce.org('Acme Inc').switches.down = true
    for (const path of ['/', '/v67.0/limits']) {
      const response = await get(token, path)
      expect(response.status).toBe(503)
      expect(response.headers.get('content-type')).toContain('text/html')
    }
  })

  test('holds calls until they are let go', async () => {
    await using salesforce = await aSalesforce()
    const org = salesforce.org('Acme Inc')
    const token = await connect(salesforce)
    const release = org.hold()
    const answer = upsert(token, [touchpoint('tp_1')])
    const uat = await connect(salesforce, ANA_UAT)
    expect((await get(uat, '/v67.0/limits')).status).toBe(200)
    expect(org.records(TOUCHPOINTS).size).toBe(0)
    release()
    expect((await answer)[0]?.success).toBe(true)
  })

  test('can store a batch and lose the answer', async () => {
    await using salesforce = await aSalesforce()
    const org = salesforce.org('Acme Inc')
    const token = await connect(salesforce)
    org.dropAnswers(1, 'after_commit')
    await expect(upsert(token, [touchpoint('tp_1')])).rejects.toThrow('fetch failed')
    expect([...org.records(TOUCHPOINTS).keys()]).toEqual(['tp_1'])
    expect((await upsert(token, [touchpoint('tp_1')]))[0]).toMatchObject({ success: true, created: false })
    expect(org.calls.list().map((call) => [call.status, call.records])).toEqual([
      [0, 1],
      [200, 1],
    ])
  })

  test('can lose a batch before it is stored', async () => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    salesforce.org('Acme Inc').dropAnswers(1, 'before_commit')
    await expect(upsert(token, [touchpoint('tp_1')])).rejects.toThrow('fetch failed')
    expect(salesforce.org('Acme Inc').records(TOUCHPOINTS).size).toBe(0)
  })

  test('without a field says so per record, and describe no longer has it', async () => {
    await using salesforce = await aSalesforce()
    const org = salesforce.org('Acme Inc')
    const token = await connect(salesforce)
    org.hideField(TOUCHPOINTS, 'bizible2__Medium__c')
    const rows = [touchpoint('tp_1', { bizible2__Medium__c: 'cpc' }), touchpoint('tp_2')]
    const results = await upsert(token, rows)
    expect(results[0]?.errors).toEqual([
      {
        statusCode: 'INVALID_FIELD',
        message: `No such column 'bizible2__Medium__c' on sobject of type ${TOUCHPOINTS}`,
        fields: [],
      },
    ])
    expect(results[1]?.success).toBe(true)
    const describe = async () =>
      (await (await get(token, `/v67.0/sobjects/${TOUCHPOINTS}/describe`)).text()).includes('Medium__c')
    expect(await describe()).toBe(false)
    org.showField(TOUCHPOINTS, 'bizible2__Medium__c')
    expect(await describe()).toBe(true)
    expect((await upsert(token, rows))[0]?.success).toBe(true)
  })

  test.each([
    ['hidden', 404, 'NOT_FOUND'],
    ['refused', 403, 'INSUFFICIENT_ACCESS'],
  ] as const)('an object that is %s refuses the call', async (access, status, code) => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    salesforce.org('Acme Inc').setObjectAccess(TOUCHPOINTS, access)
    await expect(upsert(token, [touchpoint('tp_1')])).rejects.toThrow(new RegExp(`${status}: .*${code}`))
    expect((await get(token, `/v67.0/sobjects/${TOUCHPOINTS}/describe`)).status).toBe(status)
  })

  test.each([
    ['read_only', 'INSUFFICIENT_ACCESS_OR_READONLY', false],
    ['no_create', 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', true],
  ] as const)('an object that is %s refuses the records', async (access, code, takesUpdates) => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    await upsert(token, [touchpoint('old')])
    salesforce.org('Acme Inc').setObjectAccess(TOUCHPOINTS, access)
    const results = await upsert(token, [touchpoint('new'), touchpoint('old')])
    expect(results[0]?.errors[0]?.statusCode).toBe(code)
    expect(results[1]?.success).toBe(takesUpdates)
    const described = await (await get(token, `/v67.0/sobjects/${TOUCHPOINTS}/describe`)).json()
    expect(described).toMatchObject({ createable: false, updateable: takesUpdates })
  })

  test('without its external id field refuses the call', async () => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    salesforce.org('Acme Inc').hideField(TOUCHPOINTS, UNIQUE_ID)
    await expect(upsert(token, [touchpoint('tp_1')])).rejects.toThrow('Provided external ID field does not exist')
  })
})

describe('close', () => {
  test('ends the sockets that clients keep alive', async () => {
    const salesforce = await aSalesforce()
    const token = await connect(salesforce)
    await get(token, '/v67.0/limits')
    await salesforce.close()
    await expect(get(token, '/v67.0/limits')).rejects.toThrow('fetch failed')
  })

  test('does not wait for a call whose body is still to come', async () => {
    const salesforce = await aSalesforce()
    const halfSent = request(`${salesforce.org('Acme Inc').instanceUrl}/services/data/v67.0/limits`, {
      method: 'PATCH',
      headers: { 'content-length': 10, expect: '100-continue' },
    })
    const broken = new Promise((resolve) => halfSent.once('error', resolve))
    await new Promise((resolve) => halfSent.once('continue', resolve).flushHeaders())
    await salesforce.close()
    expect(await broken).toMatchObject({ code: 'ECONNRESET' })
  })
})

test('latency delays every answer of the org', async () => {
  await using salesforce = await aSalesforce({ latencyMs: 30 })
  const token = await connect(salesforce)
  const startedAt = performance.now()
  expect((await get(token, '/v67.0/limits')).status).toBe(200)
  expect(performance.now() - startedAt).toBeGreaterThan(25)
})
