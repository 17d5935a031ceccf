import { describe, expect, test } from 'vitest'
import { aClock, aSalesforce, connect, get, patch, TOUCHPOINTS, touchpoint, UNIQUE_ID, upsert } from './salesforce-client.ts'

const LEAD_ID = '00Q5g000000000A'

describe('an upsert', () => {
  test('creates, then updates under the same id, and counts both', async () => {
    const clock = aClock()
    await using salesforce = await aSalesforce({ now: clock.now })
    const token = await connect(salesforce)
    const [created] = await upsert(token, [touchpoint('tp_1', { bizible2__Medium__c: 'cpc', bizible2__Ad_Id__c: '7' })])
    expect(created).toEqual({ id: expect.stringMatching(/^a0B\w{15}$/), success: true, created: true, errors: [] })
    clock.turn(1_000)
    const [updated] = await upsert(token, [touchpoint('tp_1', { bizible2__Medium__c: 'email' })])
    expect(updated).toEqual({ id: created?.id, success: true, created: false, errors: [] })

    const org = salesforce.org('Acme Inc')
    expect(org.records(TOUCHPOINTS).get('tp_1')).toEqual({
      id: created?.id,
      externalId: 'tp_1',
      fields: { [UNIQUE_ID]: 'tp_1', bizible2__Medium__c: 'email', bizible2__Ad_Id__c: '7' },
      createdAt: new Date('2026-11-20T09:00:00Z'),
      updatedAt: new Date('2026-11-20T09:00:01Z'),
      created: 1,
      updated: 1,
    })
    expect(org.counts(TOUCHPOINTS)).toEqual({ created: 1, updated: 1, refused: 0 })
    expect(salesforce.org('Acme UAT').records(TOUCHPOINTS).size).toBe(0)
  })

  test('answers 200 in the order of the input, whatever fails in between', async () => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    const results = await upsert(token, [
      touchpoint('a'),
      touchpoint('b', { Nothing__c: 1 }),
      touchpoint('c'),
      touchpoint('d', { bizible2__Medium__c: 'x'.repeat(256) }),
    ])
    expect(results.map((result) => result.success)).toEqual([true, false, true, false])
    expect([...salesforce.org('Acme Inc').records(TOUCHPOINTS).keys()]).toEqual(['a', 'c'])
    expect(salesforce.org('Acme Inc').counts(TOUCHPOINTS)).toEqual({ created: 2, updated: 0, refused: 2 })
  })

  test.each([
    [
      'a column that is not there',
      { Nothing__c: 1 },
      'INVALID_FIELD',
      `No such column 'Nothing__c' on sobject of type ${TOUCHPOINTS}`,
    ],
    [
      'a long text',
      { bizible2__Ad_Id__c: 'y'.repeat(256) },
      'STRING_TOO_LONG',
      `Ad Id: data value too large: ${'y'.repeat(256)} (max length=255)`,
    ],
    [
      'a lookup that is no id',
      { bizible2__Lead__c: 'person@acme.example' },
      'MALFORMED_ID',
      'Lead: id value of incorrect type: person@acme.example',
    ],
    [
      'a lookup of another object',
      { bizible2__Contact__c: LEAD_ID },
      'MALFORMED_ID',
      `Contact: id value of incorrect type: ${LEAD_ID}`,
    ],
    [
      'a field that is read only',
      { CreatedDate: '2026-01-01' },
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      expect.stringContaining('Unable to create/update fields: CreatedDate.'),
    ],
    ['a record id', { Id: 'a0B5g0000000001' }, 'INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call'],
    [
      'a date in words',
      { bizible2__Touchpoint_Date__c: 'yesterday' },
      'JSON_PARSER_ERROR',
      expect.stringContaining('Cannot deserialize instance of datetime'),
    ],
    ['another type', { attributes: { type: 'Lead' } }, 'INVALID_TYPE', "sObject type 'Lead' is not supported."],
    ['an empty external id', { [UNIQUE_ID]: '' }, 'MISSING_ARGUMENT', `${UNIQUE_ID} not specified`],
  ])('refuses %s', async (_case, fields, statusCode, message) => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    const [result] = await upsert(token, [touchpoint('tp_1', fields)])
    expect(result).toEqual({ success: false, errors: [expect.objectContaining({ statusCode, message })] })
    expect(salesforce.org('Acme Inc').records(TOUCHPOINTS).size).toBe(0)
  })

  test('takes what fits: lookups, empty values, names in another case', async () => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    const fields = {
      bizible2__Lead__c: LEAD_ID,
      bizible2__Contact__c: null,
      bizible2__medium__c: 'x'.repeat(255),
      bizible2__Touchpoint_Date__c: '2026-11-20T10:00:00.000Z',
      bizible2__Count_First_Touch__c: 0.5,
    }
    expect((await upsert(token, [touchpoint('tp_1', fields)]))[0]?.errors).toEqual([])
  })

  test('refuses every row of an external id that occurs twice, in any case', async () => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    const results = await upsert(token, [touchpoint('tp_1'), touchpoint('other'), touchpoint('TP_1')])
    expect(results.map((result) => result.errors[0]?.statusCode ?? 'fine')).toEqual([
      'DUPLICATE_VALUE',
      'fine',
      'DUPLICATE_VALUE',
    ])
    expect(results[2]?.errors[0]?.message).toBe('Duplicate external id specified: TP_1')
    expect([...salesforce.org('Acme Inc').records(TOUCHPOINTS).keys()]).toEqual(['other'])
  })

  test('compares external ids without case, unless the org does otherwise', async () => {
    const users = [{ username: 'redkey@acme.example', firstName: 'Ana', lastName: 'Ruiz' }]
    for (const externalIdsCaseSensitive of [false, true]) {
      await using salesforce = await aSalesforce({
        orgs: [{ name: 'Acme Inc', isSandbox: false, users, externalIdsCaseSensitive }],
      })
      const token = await connect(salesforce)
      await upsert(token, [touchpoint('tp_a')])
      expect((await upsert(token, [touchpoint('TP_A')]))[0]?.created).toBe(externalIdsCaseSensitive)
    }
  })

  test('takes 200 records and refuses 201 whole', async () => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    const records = Array.from({ length: 201 }, (_, number) => touchpoint(`tp_${number}`))
    expect(await upsert(token, records.slice(1))).toHaveLength(200)
    const response = await patch(token, TOUCHPOINTS, UNIQUE_ID, { allOrNone: false, records })
    expect(response.status).toBe(400)
    expect(await response.json()).toEqual([
      { errorCode: 'EXCEEDED_ID_LIMIT', message: 'record limit reached. cannot submit more than 200 records into this call' },
    ])
    expect(salesforce.org('Acme Inc').records(TOUCHPOINTS).size).toBe(200)
  })

  test('with allOrNone stores nothing when one record fails', async () => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    const results = await upsert(token, [touchpoint('a'), touchpoint('b', { Nothing__c: 1 })], true)
    expect(results.map((result) => result.errors[0]?.statusCode)).toEqual(['ALL_OR_NONE_OPERATION_ROLLED_BACK', 'INVALID_FIELD'])
    expect(salesforce.org('Acme Inc').records(TOUCHPOINTS).size).toBe(0)
    expect((await upsert(token, [touchpoint('a'), touchpoint('b')], true)).every((result) => result.success)).toBe(true)
  })

  test('of a plain custom object needs its required field when it creates, not when it updates', async () => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    const send = async (fields: object) => {
      const records = [{ attributes: { type: 'Redkey_Touchpoint__c' }, Touch_Key__c: 'k', ...fields }]
      return (await patch(token, 'Redkey_Touchpoint__c', 'Touch_Key__c', { records })).json()
    }
    expect(await send({ Type__c: 'Web Visit' })).toEqual([
      {
        success: false,
        errors: [
          {
            statusCode: 'REQUIRED_FIELD_MISSING',
            message: 'Required fields are missing: [Occurred_At__c]',
            fields: ['Occurred_At__c'],
          },
        ],
      },
    ])
    expect(await send({ Occurred_At__c: '2026-11-20T10:00:00Z' })).toMatchObject([{ created: true }])
    expect(await send({ Type__c: 'Web Form' })).toMatchObject([{ created: false }])
    expect(await send({ Position__c: 'Third' })).toMatchObject([
      {
        errors: [
          {
            statusCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
            message: 'Position: bad value for restricted picklist field: Third',
          },
        ],
      },
    ])
  })

  test.each([
    ['an unknown object', 'Nothing__c', UNIQUE_ID, { records: [] }, 404],
    ['a field that is no external id', TOUCHPOINTS, 'bizible2__Medium__c', { records: [] }, 404],
    ['half a body', TOUCHPOINTS, UNIQUE_ID, '{"records":[', 400],
    ['a body without records', TOUCHPOINTS, UNIQUE_ID, { allOrNone: false }, 400],
  ])('with %s is refused whole', async (_case, object, field, body, status) => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    expect((await patch(token, object, field, body)).status).toBe(status)
  })
})

describe('rows that are refused on purpose', () => {
  test('are every n-th new one, and stay refused when they are sent again', async () => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    salesforce.org('Acme Inc').rejectRecords({ every: 3, code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'No.' })
    const rows = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => touchpoint(id))
    const fates = async () => (await upsert(token, rows)).map((result) => result.success)
    expect(await fates()).toEqual([true, true, false, true, true, false])
    expect(await fates()).toEqual([true, true, false, true, true, false])
    const [refused] = await upsert(token, [touchpoint('c')])
    expect(refused?.errors).toEqual([{ statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'No.', fields: [] }])
    salesforce.org('Acme Inc').rejectRecords(null)
    expect((await fates()).every(Boolean)).toBe(true)
  })

  test('are those that match', async () => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    salesforce
      .org('Acme Inc')
      .rejectRecords({ matches: (id) => id.startsWith('bad'), code: 'REQUIRED_FIELD_MISSING', fields: ['Name'] })
    const results = await upsert(token, [touchpoint('good'), touchpoint('bad_1')])
    expect(results[0]?.success).toBe(true)
    expect(results[1]?.errors).toEqual([
      { statusCode: 'REQUIRED_FIELD_MISSING', message: 'Required fields are missing: [Name]', fields: ['Name'] },
    ])
  })

  test('are locked for a number of tries', async () => {
    await using salesforce = await aSalesforce()
    const token = await connect(salesforce)
    salesforce.org('Acme Inc').lockRows({ rows: 2, times: 2 })
    const rows = ['a', 'b', 'c'].map((id) => touchpoint(id))
    const fates = async () => (await upsert(token, rows)).map((result) => result.errors[0]?.statusCode ?? 'fine')
    expect(await fates()).toEqual(['UNABLE_TO_LOCK_ROW', 'UNABLE_TO_LOCK_ROW', 'fine'])
    expect(await fates()).toEqual(['UNABLE_TO_LOCK_ROW', 'UNABLE_TO_LOCK_ROW', 'fine'])
    expect(await fates()).toEqual(['fine', 'fine', 'fine'])
  })
})

test('each call counts once in Sforce-Limit-Info, also one of many records', async () => {
  await using salesforce = await aSalesforce()
  const token = await connect(salesforce)
  const usage = (response: Response) => response.headers.get('sforce-limit-info')
  expect(usage(await get(token, '/v67.0/limits'))).toBe('api-usage=1/100000')
  const records = Array.from({ length: 200 }, (_, number) => touchpoint(`tp_${number}`))
  expect(usage(await patch(token, TOUCHPOINTS, UNIQUE_ID, { records }))).toBe('api-usage=2/100000')
  expect(usage(await get(token, '/'))).toBe('api-usage=2/100000')
  salesforce.org('Acme Inc').apiUsage.used = 80_000
  expect(await (await get(token, '/v67.0/limits')).json()).toMatchObject({
    DailyApiRequests: { Max: 100_000, Remaining: 19_999 },
  })
})
