import { expect, test } from 'vitest'
import type { Question } from '../../src/domain/connections/grant-caller.ts'
import type { CrmRecord } from '../../src/domain/crm.ts'
import { pushBatch, type Ready } from '../../src/domain/outbox/push-batch.ts'
import { answerJson } from '../outbound/providers/a-server.ts'
import { aSalesforce } from '../outbound/providers/salesforce/a-salesforce.ts'
import { aConnection } from '../support/builders.ts'

const TARGET = { object: 'Touch__c', externalIdField: 'Key__c', fields: {}, custom: [] }
const UNSHARED = { statusCode: 'INSUFFICIENT_ACCESS_OR_READONLY', message: 'insufficient access rights on object id', fields: [] }
const HIDDEN = { statusCode: 'INVALID_FIELD', message: "No such column 'Medium__c' on sobject of type Touch__c", fields: [] }

/** An org by the ids of records: one it does not share, fields of one it hides, and one that spoils every request it is in. */
async function anOrg() {
  const { crm, tokens, clock } = await aSalesforce({
    '/services/data/v67.0/composite/sobjects/Touch__c/Key__c': ({ body }, response) => {
      const ids = (JSON.parse(body) as { records: CrmRecord[] }).records.map((record) => record['Key__c'])
      if (ids.includes('spoils')) return answerJson(response, 400, [{ errorCode: 'JSON_PARSER_ERROR', message: 'no date' }])
      const errors = new Map([
        ['unshared', UNSHARED],
        ['hidden', HIDDEN],
      ])
      const results = ids.map((id) => {
        const error = errors.get(String(id))
        return error ? { success: false, errors: [error] } : { id: 'a0B', success: true, created: true, errors: [] }
      })
      answerJson(response, 200, results)
    },
  })
  const grants = { ask: <T>(_connection: unknown, question: Question<T>) => question(tokens, crm) }
  return async (...ids: string[]) => {
    const { settlements, stop } = await pushBatch({ grants, clock, random: () => 0.5 }, aConnection(), ids.map(ready))
    return { settled: settlements.map(({ key, kind }) => `${ids[key]} ${kind}`), stop: stop?.code ?? null }
  }
}

function ready(id: string, key: number): Ready {
  return { row: { key, id, payload: '{}', attempts: 0 }, mapped: { target: TARGET, record: { Key__c: id } } }
}

test('one record that is not shared blocks no other', async () => {
  const push = await anOrg()
  expect(await push('unshared', 'good')).toEqual({ settled: ['unshared rejected', 'good pushed'], stop: null })
})

test('a right that nobody proves holds what waits', async () => {
  const push = await anOrg()
  expect(await push('unshared')).toEqual({ settled: [], stop: 'INSUFFICIENT_ACCESS_OR_READONLY' })
  expect(await push('hidden', 'good')).toEqual({ settled: ['good pushed'], stop: 'INVALID_FIELD' })
})

test('a record that spoils the request is found beside one that is held, and they do not meet again', async () => {
  const push = await anOrg()
  expect(await push('unshared', 'spoils')).toEqual({
    settled: ['spoils rejected'],
    stop: 'INSUFFICIENT_ACCESS_OR_READONLY',
  })
})
