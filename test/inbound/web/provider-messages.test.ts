import { expect, test } from 'vitest'
import type { HearAnswer } from '../../../src/domain/connections/hear-ended.ts'
import type { ProviderMessage } from '../../../src/domain/provider.ts'
import { aWeb, URL_OF_REDKEY } from './a-web.ts'

function hooks(answer: HearAnswer) {
  const heard: [string, ProviderMessage][] = []
  const web = aWeb({
    actions: {
      hearEnded: async (listener, message) => {
        heard.push([listener, message])
        return answer
      },
    },
  })
  return { web, heard }
}

test.each(['application/json', 'application/x-www-form-urlencoded', 'application/secevent+jwt', 'text/plain'])(
  'a message as %s is handed over as it came',
  async (type) => {
    const { web, heard } = hooks('heard')
    const payload = '{ "a":1}&b=%20 ü'
    const headers = { 'content-type': type, 'x-signed': 'yes' }
    const answer = await web.fastify.inject({ method: 'POST', url: '/hooks/hubspot?a=1', headers, payload })
    expect([answer.statusCode, answer.body]).toEqual([202, ''])
    expect(heard).toMatchObject([
      ['hubspot', { url: `${URL_OF_REDKEY}/hooks/hubspot?a=1`, headers: { 'x-signed': 'yes' }, body: payload }],
    ])
    expect(web.logged.lines).toEqual([])
  },
)

test.each([
  ['forged', 400, 'message_not_signed'],
  ['unproven', 503, 'not_ready'],
  ['nobody_listens', 404, 'not_found'],
] as const)('one that is %s is answered %d', async (how, status, code) => {
  const answer = await hooks(how).web.fastify.inject({
    method: 'POST',
    url: '/hooks/meta',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'signed_request=x',
  })
  expect([answer.statusCode, answer.json().code]).toEqual([status, code])
})

test('one that is too large is not read, and another method is refused', async () => {
  const { web, heard } = hooks('heard')
  const headers = { 'content-type': 'application/json' }
  const large = await web.fastify.inject({ method: 'POST', url: '/hooks/meta', headers, payload: ' '.repeat(70_000) })
  expect(large.statusCode).toBe(413)
  expect((await web.fastify.inject('/hooks/meta')).statusCode).toBe(405)
  expect(heard).toEqual([])
})
