import { expect, test } from 'vitest'
import { decideTemplate } from '../../../src/domain/tags/decide-template.ts'
import { at } from '../../support/builders.ts'
import { anAdScan, aTagChange } from '../../support/tag-builders.ts'

const RULES = { maxLength: 100, label: 'Google Ads' }
const SCAN = anAdScan({ settingsAt: at(1000) })
const decide = (parameters: string, changes = [aTagChange({ at: at(2000), madeAt: at(2000) })], rules = RULES) =>
  decideTemplate({ parameters }, SCAN, changes, rules)

test('what is missing is set behind what is there', () => {
  expect(decide('ref=x', [])).toEqual({ kind: 'set', all: 'ref=x&utm_source=google', added: 'utm_source=google', again: null })
})

test('what is there is left alone', () => {
  expect(decide('utm_source=bing', [])).toEqual({ kind: 'leave', missing: [], trouble: null, isChosen: false })
})

test('what somebody took away at the provider since stays away, and it is said why', () => {
  expect(decide('ref=x')).toMatchObject({
    kind: 'leave',
    missing: ['utm_source'],
    trouble: expect.stringMatching(/changed it in Google Ads since.*Save the settings again/),
  })
})

test('what somebody took back here stays away', () => {
  const undone = aTagChange({ at: at(10), madeAt: at(10), undoneAt: at(5000), undoneBy: 'U1' })
  expect(decide('ref=x', [undone])).toMatchObject({
    kind: 'leave',
    trouble: expect.stringMatching(/took them back here/),
    isChosen: true,
  })
})

test.each([
  ['set', aTagChange({ at: at(10), madeAt: at(10) })],
  ['taken back', aTagChange({ at: at(10), madeAt: at(10), undoneAt: at(20), undoneBy: 'U1' })],
])('saving the settings again sets it again, after it was %s', (_, change) => {
  expect(decide('ref=x', [change])).toMatchObject({ kind: 'set', again: null })
})

test('a change whose answer was lost is looked at: made, or made again under the same record', () => {
  const lost = aTagChange({ at: at(2000), madeAt: null })
  expect(decide('ref=x&utm_source=google', [lost])).toEqual({ kind: 'note_made', change: lost })
  expect(decide('utm_source=google&ref=x', [lost])).toEqual({ kind: 'note_made', change: lost })
  expect(decide('ref=x', [lost])).toMatchObject({ kind: 'set', again: lost })
})

test('what would be longer than the provider takes is not set, and it is said by how much', () => {
  expect(decide('ref=x', [], { ...RULES, maxLength: 20 })).toMatchObject({
    kind: 'leave',
    missing: ['utm_source'],
    trouble: expect.stringMatching(/23 characters long: Google Ads takes 20/),
  })
})
