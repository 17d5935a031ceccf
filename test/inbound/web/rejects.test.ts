import { describe, expect, test } from 'vitest'
import type { RejectsMove } from '../../../src/domain/outbox/move-rejects.ts'
import type { RejectsReader } from '../../../src/domain/outbox/read-rejects.ts'
import type { Reject } from '../../../src/domain/outbox/reject.ts'
import { csvLine } from '../../../src/inbound/web/csv.ts'
import { preferred } from '../../../src/inbound/web/preferred.ts'
import { aConnection, aWeb, BEARER, START } from './a-web.ts'

const URL = '/v1/connections/salesforce/rejects'
const HEAD = 'id,code,message,field,acceptedAt,settledAt,attempts,payload'

function aReject(key: number, over: Partial<Reject> = {}): Reject {
  return {
    key,
    id: `tp_${key}`,
    code: 'REQUIRED_FIELD_MISSING',
    message: 'Required fields are missing: [Name]',
    field: 'Name',
    acceptedAt: START,
    settledAt: START,
    attempts: 0,
    payload: `{"id":"tp_${key}"}`,
    ...over,
  }
}

/** A reader of these pages; which keys it was asked for is kept. */
function aReader(...pages: (readonly Reject[])[]): RejectsReader & { readonly asked: number[] } {
  const asked: number[] = []
  return {
    kind: 'found',
    connection: aConnection(),
    asked,
    async page(afterKey) {
      asked.push(afterKey)
      const index = pages.findIndex((page) => page.every(({ key }) => key > afterKey))
      const rejects = pages[index] ?? []
      return { rejects, next: index >= 0 && index < pages.length - 1 ? (rejects.at(-1)?.key ?? null) : null }
    },
  }
}

describe('reading what was rejected', () => {
  test('gives JSON a page at a time', async () => {
    const reader = aReader([aReject(1), aReject(2, { field: null })], [aReject(3)])
    const web = aWeb({ actions: { readRejects: async () => reader } })
    const first = await web.fastify.inject({ url: URL, headers: BEARER })
    expect(first.headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
    expect(first.json()).toEqual({
      rejects: [1, 2].map((n) => ({
        id: `tp_${n}`,
        code: 'REQUIRED_FIELD_MISSING',
        message: 'Required fields are missing: [Name]',
        field: n === 1 ? 'Name' : null,
        acceptedAt: '2026-11-20T10:00:00.000Z',
        settledAt: '2026-11-20T10:00:00.000Z',
        attempts: 0,
        payload: { id: `tp_${n}` },
      })),
      next: '2',
    })
    const second = await web.fastify.inject({ url: `${URL}?after=2`, headers: BEARER })
    expect(second.json()).toMatchObject({ rejects: [{ id: 'tp_3' }], next: null })
    expect(reader.asked).toEqual([0, 2])
  })

  test('streams all of them as lines', async () => {
    const web = aWeb({ actions: { readRejects: async () => aReader([aReject(1), aReject(2)], [aReject(3)]) } })
    const answer = await web.fastify.inject({ url: URL, headers: { ...BEARER, accept: 'application/x-ndjson' } })
    expect(answer.headers).toMatchObject({ 'content-type': 'application/x-ndjson', vary: 'accept' })
    const lines = answer.body.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line).id)).toEqual(['tp_1', 'tp_2', 'tp_3'])
  })

  test('streams all of them as CSV in which nothing is run', async () => {
    const evil = aReject(1, { id: '=HYPERLINK("http://evil")', message: '+1,"2"\nthree', payload: '{"medium":"=1"}' })
    const web = aWeb({ actions: { readRejects: async () => aReader([evil], [aReject(2, { field: null })]) } })
    const answer = await web.fastify.inject({ url: URL, headers: { ...BEARER, accept: 'text/csv' } })
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(answer.body).toBe(
      [
        HEAD,
        `"'=HYPERLINK(""http://evil"")",REQUIRED_FIELD_MISSING,"'+1,""2""\nthree",Name,2026-11-20T10:00:00.000Z,2026-11-20T10:00:00.000Z,0,"{""medium"":""=1""}"`,
        'tp_2,REQUIRED_FIELD_MISSING,Required fields are missing: [Name],,2026-11-20T10:00:00.000Z,2026-11-20T10:00:00.000Z,0,"{""id"":""tp_2""}"',
        '',
      ].join('\r\n'),
    )
  })

  test.each([
    ['application/json', '{"rejects":[],"next":null}'],
    ['application/x-ndjson', ''],
    ['text/csv', `${HEAD}\r\n`],
  ])('of nothing is empty %s', async (accept, body) => {
    const web = aWeb({ actions: { readRejects: async () => aReader([]) } })
    const answer = await web.fastify.inject({ url: URL, headers: { ...BEARER, accept } })
    expect([answer.statusCode, answer.body]).toEqual([200, body])
  })

  test('tells trouble with the database before anything is sent, in every form', async () => {
    const page = async () => Promise.reject(Object.assign(new Error('locked'), { code: 'SQLITE_BUSY' }))
    const web = aWeb({ actions: { readRejects: async () => ({ ...aReader(), page }) } })
    for (const accept of ['application/json', 'application/x-ndjson', 'text/csv']) {
      const answer = await web.fastify.inject({ url: URL, headers: { ...BEARER, accept } })
      expect([answer.statusCode, answer.json().code]).toEqual([503, 'storage_unavailable'])
    }
  })

  test.each(['-1', '1.5', 'x', '1e3', '99999999999999999'])('refuses the place %j', async (after) => {
    const answer = await aWeb().fastify.inject({ url: `${URL}?after=${after}`, headers: BEARER })
    expect([answer.statusCode, answer.json().code]).toEqual([400, 'bad_request'])
  })

  test('needs a token', async () => {
    for (const url of [URL, `${URL}/retry`]) {
      const answer = await aWeb().fastify.inject({ method: url === URL ? 'GET' : 'POST', url })
      expect([answer.statusCode, answer.json().code]).toEqual([401, 'unauthorized'])
    }
  })
})

describe.each([
  ['retry', 'retryRejects', 202, 'retried'],
  ['dismiss', 'dismissRejects', 200, 'dismissed'],
] as const)('%s', (path, action, status, counted) => {
  const headers = { ...BEARER, 'content-type': 'application/json' }

  function moving(answer: RejectsMove = { kind: 'moved', count: 7 }) {
    const asked: unknown[] = []
    const web = aWeb({
      actions: {
        [action]: async (...args: unknown[]) => {
          asked.push(args)
          return answer
        },
      },
    })
    const post = (payload?: unknown, withHeaders: Record<string, string> = headers) =>
      web.fastify.inject({
        method: 'POST',
        url: `${URL}/${path}`,
        headers: withHeaders,
        ...(payload === undefined ? {} : { payload: payload as string | object }),
      })
    return { asked, post }
  }

  test('takes the reason, any part of it, or nothing for all', async () => {
    const { asked, post } = moving()
    const whole = { code: 'C', message: 'M', field: null }
    for (const body of [whole, { code: 'C' }, {}, undefined]) {
      const answer = await post(body)
      expect([answer.statusCode, answer.json()]).toEqual([status, { [counted]: 7 }])
    }
    expect((await post(undefined, BEARER)).statusCode).toBe(status)
    expect(asked).toEqual([whole, { code: 'C' }, {}, {}, {}].map((which) => ['T1', 'salesforce', which]))
  })

  test.each([
    ['{', 400, 'malformed_body'],
    ['null', 400, 'bad_request'],
    ['[]', 400, 'bad_request'],
    ['{"codes":"C"}', 400, 'unknown_field'],
    ['{"code":5}', 400, 'bad_request'],
    [`{"code":"${'x'.repeat(70_000)}"}`, 413, 'body_too_large'],
  ])('changes nothing for %.20s', async (payload, refusal, code) => {
    const { asked, post } = moving()
    const answer = await post(payload)
    expect([answer.statusCode, answer.json().code]).toEqual([refusal, code])
    expect(asked).toEqual([])
  })

  test('of a connection that is not there names the one that was probably meant', async () => {
    const answer = await moving({ kind: 'unknown', nearest: 'salesforce-2' }).post({})
    expect([answer.statusCode, answer.json().code, answer.json().detail]).toEqual([
      404,
      'unknown_connection',
      'Did you mean "salesforce-2"?',
    ])
  })
})

describe('the file behind Download CSV', () => {
  test('is a spreadsheet of all of them, kept nowhere', async () => {
    const connection = aConnection({ name: 'sales"force\n' })
    const reader = { ...aReader([aReject(1)], [aReject(2)]), connection }
    const web = aWeb({ actions: { openRejectsLink: async () => reader } })
    const answer = await web.fastify.inject('/rejects/a-ticket')
    expect(answer.statusCode).toBe(200)
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="sales_force_-rejects.csv"',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    const lines = answer.body.split('\r\n')
    expect(lines[0]).toBe(`\uFEFF${HEAD}`)
    expect(lines).toHaveLength(4)
  })

  test.each([
    [{ kind: 'expired' as const }, 410, '/connections rejects'],
    [{ kind: 'forged' as const }, 400, 'not one that Redkey made'],
    [{ kind: 'gone' as const }, 410, 'was removed'],
    [{ kind: 'not_allowed' as const, reason: 'guest' as const }, 403, 'for members of the workspace'],
  ])('is a page with words for %j', async (linked, status, words) => {
    const answer = await aWeb({ actions: { openRejectsLink: async () => linked } }).fastify.inject('/rejects/a-ticket')
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, 'text/html; charset=utf-8'])
    expect(answer.body).toContain(words)
    expect(answer.headers['content-disposition']).toBeUndefined()
  })

  test('tells link scanners nothing', async () => {
    const answer = await aWeb().fastify.inject({ method: 'HEAD', url: '/rejects/a-ticket' })
    expect([answer.statusCode, answer.body]).toEqual([200, ''])
  })
})

test.each([
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', `"'\r=1"`],
  ['a=1', 'a=1'],
  ['', ''],
  ['a"b', '"a""b"'],
  ['a,b', '"a,b"'],
  ['a\nb', '"a\nb"'],
])('the CSV cell of %j is %j', (text, cell) => {
  expect(csvLine([text, 'x'])).toBe(`${cell},x\r\n`)
})

test.each([
  [undefined, 'application/json'],
  ['*/*', 'application/json'],
  ['text/html', 'application/json'],
  ['text/csv', 'text/csv'],
  ['TEXT/CSV; charset=utf-8', 'text/csv'],
  ['text/*', 'text/csv'],
  ['*/*;q=0.1, text/csv', 'text/csv'],
  ['text/csv;q=0.5, application/json', 'application/json'],
  ['text/csv;q=0.5, application/json;q=0', 'text/csv'],
  ['text/csv;q=x', 'application/json'],
])('who accepts %j gets %s', (accept, type) => {
  expect(preferred(accept, ['application/json', 'text/csv'])).toBe(type)
})
