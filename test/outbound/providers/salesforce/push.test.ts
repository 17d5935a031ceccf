import { describe, expect, test } from 'vitest'
import { aSalesforce, json } from './a-salesforce.ts'

const TARGET = { object: 'Touch__c', externalIdField: 'Key__c' }
const PATH = '/services/data/v67.0/composite/sobjects/Touch__c/Key__c'
const RECORDS = [{ Key__c: 'a', Name: 'A' }, { Key__c: 'b', Name: null }, { Key__c: 'c' }]
const written = (created: boolean) => ({ id: 'a0B5g00000abcde', success: true, created, errors: [] })
const refused = (statusCode: string, message = 'x', fields: string[] = []) => ({
  success: false,
  errors: [{ statusCode, message, fields }],
})

async function pushed(status: number, body: unknown, headers: Record<string, string> = {}) {
  const { crm, tokens } = await aSalesforce({ [PATH]: json(status, body, headers) })
  return crm.push(tokens, TARGET, RECORDS)
}

describe('pushing', () => {
  test('upserts all in one call, each on its own feet', async () => {
    const { crm, tokens, asked } = await aSalesforce({
      [PATH]: json(200, [written(true), written(false), written(true)], { 'Sforce-Limit-Info': 'api-usage=9/10' }),
    })
    expect(await crm.push(tokens, TARGET, RECORDS)).toEqual({
      kind: 'ok',
      value: {
        outcomes: [
          { kind: 'pushed', created: true },
          { kind: 'pushed', created: false },
          { kind: 'pushed', created: true },
        ],
        usage: { used: 9, limit: 10 },
      },
    })
    const [request] = asked(PATH)
    expect(request).toMatchObject({
      method: 'PATCH',
      headers: { authorization: 'Bearer 00D!access', 'content-type': 'application/json' },
    })
    expect(JSON.parse(request?.body ?? '')).toEqual({
      allOrNone: false,
      records: RECORDS.map((record) => ({ attributes: { type: 'Touch__c' }, ...record })),
    })
    expect(crm.batchSize).toBe(200)
  })

  test('answers each record in its place', async () => {
    const answer = await pushed(200, [
      refused('UNABLE_TO_LOCK_ROW'),
      written(true),
      refused('FIELD_CUSTOM_VALIDATION_EXCEPTION', 'Pick a campaign', ['Campaign__c']),
    ])
    expect(answer).toMatchObject({
      kind: 'ok',
      value: {
        outcomes: [
          { kind: 'retry', code: 'UNABLE_TO_LOCK_ROW' },
          { kind: 'pushed' },
          { kind: 'rejected', code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'Pick a campaign', field: 'Campaign__c' },
        ],
      },
    })
  })

  test('holds what lacks a right on a field, and names the field', async () => {
    const answer = await pushed(200, [
      written(true),
      refused('INVALID_FIELD_FOR_INSERT_UPDATE', 'Unable to create/update fields: Name.', ['Name']),
      written(true),
    ])
    expect(answer.kind === 'ok' && answer.value.outcomes[1]).toMatchObject({
      kind: 'held',
      verdict: { kind: 'permission', cause: 'role_missing', explanation: expect.stringContaining('Name') },
    })
  })

  const unshared = refused('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id')

  test('sets aside a record that is not shared or locked when others were written', async () => {
    const answer = await pushed(200, [unshared, written(false), unshared])
    const outcomes = answer.kind === 'ok' ? answer.value.outcomes : []
    expect(outcomes.map(({ kind }) => kind)).toEqual(['rejected', 'pushed', 'rejected'])
    expect(outcomes[0]).toMatchObject({ code: 'INSUFFICIENT_ACCESS_OR_READONLY', field: null })
  })

  test('holds what none of could be written for the same reason', async () => {
    const answer = await pushed(200, [unshared, refused('REQUIRED_FIELD_MISSING'), unshared])
    const outcomes = answer.kind === 'ok' ? answer.value.outcomes : []
    expect(outcomes.map(({ kind }) => kind)).toEqual(['held', 'rejected', 'held'])
  })

  test.each<[string, string, string[]]>([
    ['INVALID_FIELD', "No such column 'Name' on sobject of type Touch__c", []],
    ['INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access', ['Name']],
    ['INSUFFICIENT_ACCESS_OR_READONLY', 'entity type cannot be updated: Touch', []],
    ['CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', 'entity type cannot be updated: Touch', []],
  ])('holds a missing right on a field or an object also when others were written: %s %s', async (code, message, fields) => {
    const answer = await pushed(200, [written(true), refused(code, message, fields), written(true)])
    expect(answer.kind === 'ok' && answer.value.outcomes[1]?.kind).toBe('held')
  })

  test('sends nothing when there is nothing to send', async () => {
    const { crm, tokens, requests } = await aSalesforce({})
    expect(await crm.push(tokens, TARGET, [])).toEqual({ kind: 'ok', value: { outcomes: [], usage: null } })
    expect(requests).toEqual([])
  })
})

describe('an answer that says less than it should', () => {
  test.each<[string, unknown]>([
    ['too short', [written(true), written(true)]],
    ['too long', [written(true), written(true), written(true), written(true)]],
    ['empty', []],
    ['an object', { success: true }],
    ['null', null],
    ['a text', 'ok'],
  ])('%s is a success of nobody', async (_name, body) => {
    const answer = await pushed(200, body)
    const outcomes = answer.kind === 'ok' ? answer.value.outcomes : []
    expect(outcomes.map(({ kind }) => kind)).toEqual(['retry', 'retry', 'retry'])
  })

  test.each<[string, unknown]>([
    ['success in words', { id: 'a0B', success: 'true', errors: [] }],
    ['success with errors', { id: 'a0B', success: true, errors: [{ statusCode: 'X', message: '' }] }],
    ['a failure without errors', { success: false, errors: [] }],
    ['a failure without codes', { success: false, errors: [{}] }],
    ['null', null],
    ['a number', 1],
  ])('a record with %s is tried again, the others stand', async (_name, result) => {
    const answer = await pushed(200, [written(true), result, written(true)])
    const outcomes = answer.kind === 'ok' ? answer.value.outcomes : []
    expect(outcomes.map(({ kind }) => kind)).toEqual(['pushed', 'retry', 'pushed'])
  })
})

describe('a request that is refused as a whole', () => {
  test.each<[string, number, unknown, string]>([
    ['a stale session', 401, [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }], 'refresh'],
    ['no calls left', 403, [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }], 'rate_limited'],
    [
      'an object that is not there',
      404,
      [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }],
      'permission',
    ],
    [
      'another external id',
      404,
      [{ errorCode: 'NOT_FOUND', message: 'Provided external ID field does not exist or is not accessible: Key__c' }],
      'permission',
    ],
    ['no right on the object', 403, [{ errorCode: 'INSUFFICIENT_ACCESS', message: 'no' }], 'permission'],
    [
      'a value of the wrong type in one record',
      400,
      [{ errorCode: 'JSON_PARSER_ERROR', message: 'Cannot deserialize instance of date' }],
      'rejected',
    ],
    ['a code that nobody knows', 400, [{ errorCode: 'A_CODE_OF_2031', message: '' }], 'transient'],
    ['a page', 503, '<html>', 'transient'],
  ])('%s', async (_name, status, body, kind) => {
    expect((await pushed(status, body)).kind).toBe(kind)
  })

  test('names the object that is missing', async () => {
    const answer = await pushed(404, [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }])
    expect(answer).toMatchObject({ cause: 'role_missing', explanation: expect.stringContaining('Touch__c') })
  })

  test('a connection that breaks, or an answer that never comes, passes', async () => {
    const broken = await aSalesforce({ [PATH]: (_request, response) => response.socket?.destroy() })
    expect(await broken.crm.push(broken.tokens, TARGET, RECORDS)).toMatchObject({ kind: 'transient', code: 'no_answer_reset' })
    const silent = await aSalesforce({ [PATH]: () => undefined }, { limits: { timeoutMs: 150 } })
    expect(await silent.crm.push(silent.tokens, TARGET, RECORDS)).toMatchObject({ kind: 'transient', code: 'no_answer_timeout' })
  })
})
