import { describe, expect, test } from 'vitest'
import { classify } from '../../../src/outbound/providers/classify.ts'
import { passedOn } from '../../../src/outbound/providers/printed.ts'

const NOW = new Date('2026-11-23T12:00:00Z')
const DEAD = { error: 'invalid_grant', error_description: 'expired access/refresh token' }

describe('an answer inside another text', () => {
  test.each<[string, string]>([
    ['in the words of an exception', `Error 400: ${JSON.stringify(DEAD)} (aborted)`],
    ['cut off', `400 Bad Request: {"error":"invalid_grant","error_description":"expired access/refresh token`],
    ['bytes of Python', `b'${JSON.stringify(DEAD)}'`],
    ['Python', "{'error': 'invalid_grant', 'error_description': 'expired access/refresh token', 'x': None}"],
    ['Ruby', '{"error"=>"invalid_grant", "error_description"=>"expired access/refresh token", "x"=>nil}'],
    ['Ruby with symbols', '{:error=>"invalid_grant", :error_description=>"expired access/refresh token"}'],
    ['Node', "{ error: 'invalid_grant',\n  error_description: 'expired access/refresh token' }"],
    ['Java', 'OAuthError{error=invalid_grant, error_description=expired access/refresh token}'],
    ['with quotes behind backslashes', `response:\\n${JSON.stringify(DEAD).replaceAll('"', '\\"')}\\n`],
    ['after braces that are nothing', `GET {org}/token [retry] ${JSON.stringify(DEAD)}`],
  ])('%s', (_name, text) => {
    expect(passedOn(text, undefined)[0]).toMatchObject(DEAD)
    const line = { provider: 'salesforce', where: 'token', status: 400, body: text }
    expect(classify(line, NOW)).toMatchObject({ verdict: 'authorization_required', cause: 'expired' })
  })

  test('keeps numbers, lists, escapes and what is nested', () => {
    const text = `x {'errors': [{'code': 105, 'message': 'it\\'s \\u0041\\n', 'ok': False}], 'error': "don't"}`
    expect(passedOn(text, undefined)[0]).toEqual({
      errors: [{ code: 105, message: "it's A\n", ok: false }],
      error: "don't",
    })
  })

  test('is found as a text in an answer, however deep', () => {
    const inner = { status: 'error', message: 'x', category: 'EXPIRED_AUTHENTICATION' }
    const body = { error: { code: 401, message: JSON.stringify(inner) } }
    expect(passedOn('', body)).toEqual([body.error, inner])
    expect(classify({ provider: 'hubspot', where: 'api', status: 401, body }, NOW)).toMatchObject({ verdict: 'refresh' })
  })

  test.each<[string, object]>([
    ['a client for Node', { response: { status: 400, data: DEAD } }],
    ['a client for Python', { code: 400, reason: 'Bad Request', body: DEAD, headers: { date: 'x' } }],
  ])('is found in what %s makes of it', (_name, body) => {
    expect(classify({ provider: 'salesforce', where: 'token', status: 400, body }, NOW)).toMatchObject({ cause: 'expired' })
  })

  test('is not looked for in a page, nor in braces of a sentence', () => {
    expect(passedOn(`<html><script>${JSON.stringify(DEAD)}</script></html>`, undefined)).toEqual([])
    expect(passedOn('function f() { return [1, 2] }', undefined)).toEqual([])
  })

  test('never outweighs what the answer itself says', () => {
    const body = { error: 'server_error', error_description: JSON.stringify(DEAD) }
    expect(classify({ provider: 'salesforce', where: 'token', status: 500, body }, NOW)).toMatchObject({ verdict: 'transient' })
  })

  test('a text of nothing but braces ends', () => {
    expect(passedOn('{['.repeat(50_000), undefined)).toEqual([])
    expect(passedOn('{"error":'.repeat(5_000), undefined)).toHaveLength(20)
  })
})
