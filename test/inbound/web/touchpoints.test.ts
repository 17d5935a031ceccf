import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { later, MINUTE_MS } from '../../../src/clock.ts'
import type { Intake } from '../../../src/domain/outbox/accept.ts'
import { aConnection, anOverview, aWeb, BEARER, START } from './a-web.ts'

const NDJSON = { ...BEARER, 'content-type': 'application/x-ndjson' }
const JSON_TYPE = { ...BEARER, 'content-type': 'application/json' }
const URL = '/v1/touchpoints'

/** A domain that takes everything but what has no id, and remembers what it was given. */
function anIntake() {
  const given: unknown[][] = []
  return {
    given,
    acceptTouchpoints: async (_teamId: string, items: readonly unknown[]): Promise<Intake> => {
      given.push([...items])
      const rejected = items.flatMap((item, index) =>
        typeof item === 'object' && item !== null && 'id' in item
          ? []
          : [{ index, id: null, code: 'invalid_touchpoint' as const, message: 'id: missing' }],
      )
      return { kind: 'accepted', accepted: items.length - rejected.length, duplicates: 0, rejected }
    },
  }
}

function records(count: number) {
  return Array.from({ length: count }, (_, index) => ({ id: `tp_${index}`, occurredAt: '2026-11-20T10:00:00Z' }))
}

describe('POST /v1/touchpoints', () => {
  test.each([
    ['an array', JSON_TYPE, JSON.stringify(records(2))],
    ['an envelope', JSON_TYPE, JSON.stringify({ touchpoints: records(2) })],
    [
      'lines',
      NDJSON,
      records(2)
        .map((record) => JSON.stringify(record))
        .join('\n'),
    ],
    [
      'lines with CRLF, blank ones and one at the end',
      NDJSON,
      `\r\n${records(2)
        .map((record) => `${JSON.stringify(record)}\r\n \n`)
        .join('')}`,
    ],
    [
      'lines called jsonl, with a charset',
      { ...BEARER, 'content-type': 'application/jsonl; charset=utf-8' },
      records(2)
        .map((record) => JSON.stringify(record))
        .join('\n'),
    ],
    ['gzip', { ...JSON_TYPE, 'content-encoding': 'gzip' }, gzipSync(JSON.stringify(records(2)))],
  ])('takes %s', async (_, headers, payload) => {
    const intake = anIntake()
    const answer = await aWeb({ actions: intake }).fastify.inject({ method: 'POST', url: URL, headers, payload })
    expect(answer.statusCode).toBe(202)
    expect(answer.json()).toEqual({ accepted: 2, duplicates: 0, rejected: [] })
    expect(intake.given).toEqual([records(2)])
  })

  test('sets a line aside that is not JSON, and counts the others where they stand', async () => {
    const intake = anIntake()
    const bad = Buffer.concat([Buffer.from('{"id":"'), Buffer.from([0xff]), Buffer.from('"}')])
    const payload = Buffer.concat([Buffer.from('{"id":"a"}\n{oops\n\n{"nothing":1}\n'), bad, Buffer.from('\n{"id":"b"}')])
    const answer = await aWeb({ actions: intake }).fastify.inject({ method: 'POST', url: URL, headers: NDJSON, payload })
    expect(answer.statusCode).toBe(202)
    expect(answer.json()).toEqual({
      accepted: 2,
      duplicates: 0,
      rejected: [
        { index: 1, id: null, code: 'malformed_record', message: 'The line is not valid JSON in UTF-8.' },
        { index: 2, id: null, code: 'invalid_touchpoint', message: 'id: missing' },
        { index: 3, id: null, code: 'malformed_record', message: 'The line is not valid JSON in UTF-8.' },
      ],
    })
    expect(intake.given).toEqual([[{ id: 'a' }, { nothing: 1 }, { id: 'b' }]])
  })

  test.each([
    ['[]', JSON_TYPE],
    ['{"touchpoints":[]}', JSON_TYPE],
    ['\n', NDJSON],
  ])('an empty list is fine: %j', async (payload, headers) => {
    const answer = await aWeb().fastify.inject({ method: 'POST', url: URL, headers, payload })
    expect([answer.statusCode, answer.json()]).toEqual([202, { accepted: 0, duplicates: 0, rejected: [] }])
  })

  test('10,000 records are taken, one more is not, and then nothing is', async () => {
    const intake = anIntake()
    const web = aWeb({ actions: intake })
    const full = await web.fastify.inject({
      method: 'POST',
      url: URL,
      headers: JSON_TYPE,
      payload: JSON.stringify(records(10_000)),
    })
    expect(full.json().accepted).toBe(10_000)
    for (const [headers, payload] of [
      [JSON_TYPE, JSON.stringify(records(10_001))],
      [
        NDJSON,
        records(10_001)
          .map((record) => JSON.stringify(record))
          .join('\n'),
      ],
    ] as const) {
      const answer = await web.fastify.inject({ method: 'POST', url: URL, headers, payload })
      expect([answer.statusCode, answer.json().code]).toEqual([413, 'too_many_records'])
    }
    expect(intake.given).toHaveLength(1)
  })

  test.each([
    ['[', 'malformed_body'],
    ['', 'malformed_body'],
    ['null', 'malformed_body'],
    ['"x"', 'malformed_body'],
    ['7', 'malformed_body'],
    ['{}', 'malformed_body'],
    ['{"touchpoints":{}}', 'malformed_body'],
    ['{"touchpoints":[],"dryRun":true}', 'unknown_field'],
    ['{"id":"a","occurredAt":"2026-11-20T10:00:00Z"}', 'unknown_field'],
    ['{"__proto__":{"touchpoints":[{"id":"a"}]}}', 'unknown_field'],
  ])('refuses %j as %s', async (payload, code) => {
    const answer = await aWeb().fastify.inject({ method: 'POST', url: URL, headers: JSON_TYPE, payload })
    expect([answer.statusCode, answer.json().code]).toEqual([400, code])
    if (payload.includes('dryRun')) expect(answer.json().detail).toContain('"dryRun"')
  })

  test('bytes that are not UTF-8 are refused rather than changed', async () => {
    const payload = Buffer.concat([Buffer.from('[{"id":"'), Buffer.from([0xe9]), Buffer.from('"}]')])
    const answer = await aWeb().fastify.inject({ method: 'POST', url: URL, headers: JSON_TYPE, payload })
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'malformed_body'])
  })

  test('a record with a prototype in it reaches the domain as data and changes nothing else', async () => {
    const intake = anIntake()
    const payload = '[{"id":"a","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"id":"b"}]'
    await aWeb({ actions: intake }).fastify.inject({ method: 'POST', url: URL, headers: JSON_TYPE, payload })
    const [[record]] = intake.given as [[object]]
    expect(Object.keys(record)).toEqual(['id', '__proto__', 'constructor'])
    expect({}).not.toHaveProperty('polluted')
    expect(record).toHaveProperty('id', 'b')
  })

  test('a body that is larger than allowed is refused, packed or not', async () => {
    const web = aWeb({ config: { bodyLimitBytes: 1000 } })
    const large = JSON.stringify(records(100))
    expect(gzipSync(large).length).toBeLessThan(1000)
    for (const [headers, payload] of [
      [JSON_TYPE, large],
      [{ ...JSON_TYPE, 'content-encoding': 'gzip' }, gzipSync(large)],
    ] as const) {
      const answer = await web.fastify.inject({ method: 'POST', url: URL, headers, payload })
      expect([answer.statusCode, answer.json().code]).toEqual([413, 'body_too_large'])
    }
  })

  test.each([
    [{ ...JSON_TYPE, 'content-encoding': 'gzip' }, Buffer.from('not gzip'), 400, 'malformed_body'],
    [{ ...JSON_TYPE, 'content-encoding': 'gzip' }, gzipSync('[1]').subarray(0, 12), 400, 'malformed_body'],
    [{ ...JSON_TYPE, 'content-encoding': 'br' }, Buffer.from('[]'), 415, 'unsupported_media_type'],
    // Refused before it is unpacked, and what fails to unpack afterwards must not end the process.
    [
      { ...BEARER, 'content-type': 'text/plain', 'content-encoding': 'gzip' },
      Buffer.from('not gzip'),
      415,
      'unsupported_media_type',
    ],
    [{ ...BEARER, 'content-type': 'text/csv' }, Buffer.from('id'), 415, 'unsupported_media_type'],
    [{ ...BEARER, 'content-type': 'nonsense' }, Buffer.from('[]'), 415, 'unsupported_media_type'],
  ])('a body it cannot take is told from one it can: %j', async (headers, payload, status, code) => {
    const answer = await aWeb().fastify.inject({ method: 'POST', url: URL, headers, payload })
    expect([answer.statusCode, answer.json().code]).toEqual([status, code])
  })

  test('without a CRM nothing is taken in, and the answer says why', async () => {
    const web = aWeb({ actions: { acceptTouchpoints: async () => ({ kind: 'no_crm' }) } })
    const answer = await web.fastify.inject({ method: 'POST', url: URL, headers: JSON_TYPE, payload: JSON.stringify(records(1)) })
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'no_crm_connection'])
  })

  test.each([
    Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' }),
    Object.assign(new Error('disk'), { code: 'SQLITE_FULL' }),
    Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
    new Error('Failed query', { cause: Object.assign(new Error('shutting down'), { code: '57P01' }) }),
    new Error('Connection terminated unexpectedly'),
  ])('a database that does not take it makes it worth sending again: %s', async (trouble) => {
    const web = aWeb({ actions: { acceptTouchpoints: () => Promise.reject(trouble) } })
    const answer = await web.fastify.inject({ method: 'POST', url: URL, headers: JSON_TYPE, payload: JSON.stringify(records(1)) })
    expect([answer.statusCode, answer.json().code, answer.headers['retry-after']]).toEqual([503, 'storage_unavailable', '5'])
  })
})

describe('GET /v1/touchpoints/{id}', () => {
  const record = {
    id: 'tp 1/ü',
    connectionId: 'c1',
    state: 'rejected' as const,
    acceptedAt: START,
    settledAt: later(START, MINUTE_MS),
    superseded: 2,
    attempts: 3,
    code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
    message: 'No.',
  }

  test('tells what became of it, by connection', async () => {
    const asked: string[] = []
    const web = aWeb({
      actions: {
        findTouchpoint: async (teamId, id) => {
          asked.push(teamId, id)
          return [record, { ...record, connectionId: 'removed', state: 'pushed', code: null, message: null }]
        },
        listConnections: async () => [anOverview({ connection: aConnection({ id: 'c1', name: 'sf-emea' }) })],
      },
    })
    const url = `${URL}/${encodeURIComponent('tp 1/ü')}`
    const answer = await web.fastify.inject({ url, headers: BEARER })
    expect(asked).toEqual(['T1', 'tp 1/ü'])
    expect(answer.json()).toEqual({
      id: 'tp 1/ü',
      records: [
        {
          connection: 'sf-emea',
          state: 'rejected',
          acceptedAt: '2026-11-20T10:00:00.000Z',
          settledAt: '2026-11-20T10:01:00.000Z',
          superseded: 2,
          attempts: 3,
          code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
          message: 'No.',
        },
        expect.objectContaining({ connection: null, state: 'pushed' }),
      ],
    })
  })

  test('takes an id of 255 characters, and says when there is none of that name', async () => {
    const web = aWeb({ actions: { findTouchpoint: async () => [] } })
    const longest = await web.fastify.inject({ url: `${URL}/${encodeURIComponent('ü'.repeat(255))}`, headers: BEARER })
    expect([longest.statusCode, longest.json().code]).toEqual([404, 'unknown_touchpoint'])
    const tooLong = await web.fastify.inject({ url: `${URL}/${'a'.repeat(256)}`, headers: BEARER })
    expect([tooLong.statusCode, tooLong.json().code]).toEqual([400, 'bad_request'])
  })
})
