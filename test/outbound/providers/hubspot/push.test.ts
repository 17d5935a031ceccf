import { expect, test } from 'vitest'
import { answerJson, type SeenRequest } from '../a-server.ts'
import { aHubSpot, json } from './a-hubspot.ts'

const TARGET = { object: 'p_redkey_touchpoint', externalIdField: 'touch_key' }
const PATH = '/crm/objects/2026-03/p_redkey_touchpoint/batch/upsert'

function records(...ids: string[]) {
  return ids.map((id) => ({ touch_key: id, medium: 'cpc' }))
}

interface Input {
  readonly id: string
  readonly objectWriteTraceId: string
}

function inputsOf({ body }: SeenRequest): readonly Input[] {
  return (JSON.parse(body) as { inputs: Input[] }).inputs
}

function written({ id, objectWriteTraceId }: Input, isNew = true) {
  return { id: `9${id}`, new: isNew, archived: false, objectWriteTraceId, properties: { hs_object_id: `9${id}` } }
}

function failed(message: string, context: object, category = 'VALIDATION_ERROR') {
  return { status: 'error', category, message, context }
}

/** Answers 207 with what `fate` says of each input; null: it is written. */
function answering(fate: (input: Input) => object | null) {
  return (request: SeenRequest, response: Parameters<typeof answerJson>[0]) => {
    const inputs = inputsOf(request)
    const errors = inputs.map(fate).filter((error) => error !== null)
    const results = inputs.filter((input) => fate(input) === null).map((input) => written(input))
    answerJson(response, errors.length > 0 ? 207 : 200, { status: 'COMPLETE', results, numErrors: errors.length, errors })
  }
}

test('a batch is sent by the unique property, values as texts', async () => {
  const { crm, tokens, requests } = await aHubSpot({ [PATH]: answering(() => null) })
  const answer = await crm.push(tokens, TARGET, [{ touch_key: 'tp/1', medium: null, score: 3, won: true }])
  expect(answer).toEqual({ kind: 'ok', value: { outcomes: [{ kind: 'pushed', created: true }], usage: null } })
  expect(requests[0]?.headers.authorization).toBe('Bearer access')
  expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
    inputs: [
      {
        id: 'tp/1',
        idProperty: 'touch_key',
        objectWriteTraceId: 'r0',
        properties: { touch_key: 'tp/1', medium: '', score: '3', won: 'true' },
      },
    ],
  })
})

test('results in another order belong to the records that they name', async () => {
  const { crm, tokens } = await aHubSpot({
    [PATH]: (request, response) => {
      const [a, b, c] = inputsOf(request) as [Input, Input, Input]
      const errors = [failed('discount was not a valid number', { objectWriteTraceId: [b.objectWriteTraceId] })]
      answerJson(response, 207, { status: 'COMPLETE', results: [written(c, false), written(a)], numErrors: 1, errors })
    },
  })
  expect(await crm.push(tokens, TARGET, records('a', 'b', 'c'))).toMatchObject({
    value: {
      outcomes: [
        { kind: 'pushed', created: true },
        { kind: 'rejected', code: 'VALIDATION_ERROR', message: 'discount was not a valid number' },
        { kind: 'pushed', created: false },
      ],
    },
  })
})

test('an error under 200 is read, one for several records too, and by the ids that were sent', async () => {
  const { crm, tokens } = await aHubSpot({
    [PATH]: (request, response) => {
      const [a] = inputsOf(request) as [Input]
      const errors = [failed('x', { ids: ['B', 'c'] })]
      answerJson(response, 200, { status: 'COMPLETE', results: [written(a)], errors })
    },
  })
  const answer = await crm.push(tokens, TARGET, records('a', 'b', 'c'))
  expect(answer.kind === 'ok' && answer.value.outcomes.map(({ kind }) => kind)).toEqual(['pushed', 'rejected', 'rejected'])
})

test('the reason and the property of a rejected record are those that HubSpot names', async () => {
  const message =
    'Property values were not valid: [{"isValid":false,"message":"soon was not a valid date.","error":"INVALID_DATE","name":"occurred_at","portalId":1}]'
  const { crm, tokens } = await aHubSpot({
    [PATH]: answering(({ objectWriteTraceId }) => failed(message, { objectWriteTraceId: [objectWriteTraceId] })),
  })
  expect(await crm.push(tokens, TARGET, records('a'))).toMatchObject({
    value: {
      outcomes: [{ kind: 'rejected', code: 'INVALID_DATE', message: 'soon was not a valid date.', field: 'occurred_at' }],
    },
  })
})

test('a property that is missing holds all, and is named', async () => {
  const message =
    'Property values were not valid: [{"isValid":false,"message":"Property \\"medium\\" does not exist","error":"PROPERTY_DOESNT_EXIST","name":"medium"}]'
  const held = {
    kind: 'held',
    verdict: { kind: 'permission', cause: 'role_missing', explanation: expect.stringContaining('medium') },
  }
  const { crm, tokens } = await aHubSpot({
    [PATH]: answering(({ objectWriteTraceId }) => failed(message, { objectWriteTraceId: [objectWriteTraceId] })),
  })
  expect(await crm.push(tokens, TARGET, records('a', 'b'))).toMatchObject({ value: { outcomes: [held, held] } })
  const whole = await aHubSpot({ [PATH]: json(400, failed(message, {})) })
  expect(await whole.crm.push(whole.tokens, TARGET, records('a', 'b'))).toMatchObject({
    kind: 'permission',
    cause: 'role_missing',
  })
})

test.each([
  'Unable to infer object type from: p_redkey_touchpoint',
  'Invalid object or event type id: 2-12345',
  'Unable to perform update/upsert by non-unique 2-12345 property touch_key in portal ID 1',
])('an object that is not as the mapping says holds all: %s', async (message) => {
  const { crm, tokens } = await aHubSpot({ [PATH]: json(400, { status: 'error', message }) })
  expect(await crm.push(tokens, TARGET, records('a', 'b'))).toMatchObject({ kind: 'permission', cause: 'role_missing' })
})

test('an error that names no record is found by halves, and all others stand', async () => {
  const { crm, tokens, requests } = await aHubSpot({
    [PATH]: answering(({ id }) => (id === 'bad' ? failed('nobody knows whose', {}) : null)),
  })
  const answer = await crm.push(tokens, TARGET, records('a', 'b', 'bad', 'c'))
  expect(answer).toMatchObject({
    value: {
      outcomes: [
        { kind: 'pushed', created: true },
        { kind: 'pushed', created: true },
        { kind: 'rejected', message: 'nobody knows whose' },
        { kind: 'pushed', created: true },
      ],
    },
  })
  expect(requests.map((request) => inputsOf(request).map(({ id }) => id))).toEqual([['a', 'b', 'bad', 'c'], ['bad']])
})

test('two errors that name no record are found by halves', async () => {
  const { crm, tokens } = await aHubSpot({
    [PATH]: answering(({ id }) => (id.startsWith('bad') ? failed('x', {}) : null)),
  })
  const answer = await crm.push(tokens, TARGET, records('bad1', 'a', 'b', 'bad2'))
  const kinds = answer.kind === 'ok' && answer.value.outcomes.map(({ kind }) => kind)
  expect(kinds).toEqual(['rejected', 'pushed', 'pushed', 'rejected'])
})

test('a half that is refused as a whole on the way is halved too', async () => {
  const { crm, tokens } = await aHubSpot({
    [PATH]: (request, response) => {
      const inputs = inputsOf(request)
      const hasBad = inputs.some(({ id }) => id === 'bad')
      if (inputs.length === 4) return answerJson(response, 207, { results: [], numErrors: 1, errors: [failed('x', {})] })
      if (hasBad) return answerJson(response, 400, failed('spoiled', {}))
      return answerJson(response, 200, { status: 'COMPLETE', results: inputs.map((input) => written(input)) })
    },
  })
  const answer = await crm.push(tokens, TARGET, records('a', 'bad', 'b', 'c'))
  const kinds = answer.kind === 'ok' && answer.value.outcomes.map(({ kind }) => kind)
  expect(kinds).toEqual(['pushed', 'rejected', 'pushed', 'pushed'])
})

test('errors that are counted and not told are looked for', async () => {
  const { crm, tokens } = await aHubSpot({
    [PATH]: (request, response) => {
      const inputs = inputsOf(request)
      const good = inputs.filter(({ id }) => id !== 'bad')
      if (inputs.length === 1 && good.length === 0) return answerJson(response, 400, failed('spoiled', {}))
      return answerJson(response, 207, { results: good.map((input) => written(input)), numErrors: inputs.length - good.length })
    },
  })
  const answer = await crm.push(tokens, TARGET, records('a', 'bad'))
  const kinds = answer.kind === 'ok' && answer.value.outcomes.map(({ kind }) => kind)
  expect(kinds).toEqual(['pushed', 'rejected'])
})

test('a result without a trace id is found by its key', async () => {
  const { crm, tokens, requests } = await aHubSpot({
    [PATH]: (request, response) => {
      const [a] = inputsOf(request) as [Input]
      const results = [{ id: '9', new: true, properties: { touch_key: 'B' } }]
      answerJson(response, 207, { results, numErrors: 1, errors: [failed('x', { objectWriteTraceId: [a.objectWriteTraceId] })] })
    },
  })
  const answer = await crm.push(tokens, TARGET, records('a', 'b'))
  expect(answer).toMatchObject({ value: { outcomes: [{ kind: 'rejected' }, { kind: 'pushed', created: true }] } })
  expect(requests).toHaveLength(1)
})

test('a request that is spoiled as a whole is told to the caller, who halves it; alone it is the record', async () => {
  const body = failed('Duplicate IDs found in batch input: [1]. IDs must be unique', {})
  const { crm, tokens, requests } = await aHubSpot({ [PATH]: json(400, body) })
  expect(await crm.push(tokens, TARGET, records('a', 'b'))).toMatchObject({ kind: 'rejected', code: 'VALIDATION_ERROR' })
  expect(requests).toHaveLength(1)
  expect(await crm.push(tokens, TARGET, records('a'))).toMatchObject({
    value: { outcomes: [{ kind: 'rejected', message: expect.stringContaining('Duplicate IDs') }] },
  })
})

test('trouble in the search for a record leaves the rest for later', async () => {
  const { crm, tokens } = await aHubSpot({
    [PATH]: (request, response) => {
      const [first, ...others] = inputsOf(request) as [Input, ...Input[]]
      if (others.length < 2)
        return answerJson(response, 429, { status: 'error', policyName: 'TEN_SECONDLY_ROLLING', message: 'x' })
      return answerJson(response, 207, { results: [written(first)], numErrors: 1, errors: [failed('x', {})] })
    },
  })
  const answer = await crm.push(tokens, TARGET, records('a', 'b', 'c'))
  expect(answer.kind === 'ok' && answer.value.outcomes.map(({ kind }) => kind)).toEqual(['pushed', 'retry', 'retry'])
})

test.each([[[]], [[{ id: '1' }, { id: '2' }]]])(
  'records of a batch that is not complete are tried again: %j',
  async (results) => {
    const { crm, tokens, requests } = await aHubSpot({ [PATH]: json(200, { status: 'PENDING', results }) })
    const answer = await crm.push(tokens, TARGET, records('a', 'b'))
    expect(answer.kind === 'ok' && answer.value.outcomes.map(({ kind }) => kind)).toEqual(['retry', 'retry'])
    expect(requests).toHaveLength(1)
  },
)

test('as many results as records and no error: all are written, whoever they are', async () => {
  const { crm, tokens } = await aHubSpot({ [PATH]: json(200, { status: 'COMPLETE', results: [{ id: '1' }, { id: '2' }] }) })
  const answer = await crm.push(tokens, TARGET, records('a', 'b'))
  expect(answer.kind === 'ok' && answer.value.outcomes.map(({ kind }) => kind)).toEqual(['pushed', 'pushed'])
})

test.each<[string, number, unknown, object]>([
  ['no session', 401, { status: 'error', category: 'EXPIRED_AUTHENTICATION', message: 'x' }, { kind: 'refresh' }],
  ['no right', 403, { status: 'error', category: 'MISSING_SCOPES', message: 'x' }, { kind: 'authorization_required' }],
  ['the day is used up', 429, { policyName: 'DAILY', message: 'x' }, { kind: 'rate_limited', usedUp: true }],
  ['locked', 423, { status: 'error', message: 'x' }, { kind: 'transient', retryAfterMs: 2000 }],
  ['down', 502, '<html></html>', { kind: 'transient' }],
  ['a form that HubSpot does not take', 415, { status: 'error', message: 'x' }, { kind: 'transient' }],
])('nothing was pushed: %s', async (_name, status, body, verdict) => {
  const { crm, tokens } = await aHubSpot({ [PATH]: json(status, body) })
  expect(await crm.push(tokens, TARGET, records('a', 'b'))).toMatchObject(verdict)
})

test('a lock inside a batch is tried again, and a lost answer too', async () => {
  const { crm, tokens } = await aHubSpot({
    [PATH]: answering(({ objectWriteTraceId }) => failed('locked', { objectWriteTraceId: [objectWriteTraceId] }, 'LOCKED')),
  })
  expect(await crm.push(tokens, TARGET, records('a'))).toMatchObject({ value: { outcomes: [{ kind: 'retry', code: 'LOCKED' }] } })
  const lost = await aHubSpot({ [PATH]: (_request, response) => response.destroy() })
  expect(await lost.crm.push(lost.tokens, TARGET, records('a'))).toMatchObject({ kind: 'transient' })
})

test('nothing to push asks nothing', async () => {
  const { crm, tokens, requests } = await aHubSpot({})
  expect(await crm.push(tokens, TARGET, [])).toEqual({ kind: 'ok', value: { outcomes: [], usage: null } })
  expect(requests).toEqual([])
})
