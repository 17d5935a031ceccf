import { expect, test } from 'vitest'
import { connectionDetails } from '../../src/messages/connection-details.ts'
import { noticeMessage } from '../../src/messages/notice.ts'
import { redCard } from '../../src/messages/red-card.ts'
import { broughtBack, connectionsAdded } from '../../src/messages/several.ts'
import { aCard, aMessage, anOutage, aRedListed, at, known, LOOK, visible } from './a-card.ts'

function left(count: number, why: 'not_reached' | 'not_read' = 'not_reached') {
  return Array.from({ length: count }, (_, n) => ({ name: `google-ads-${n + 1}`, account: `Shop ${n + 1}`, why }))
}

const SOME = { kind: 'brought_back' as const, username: 'ana@acme.example', back: 6, left: left(2) }

test('a login that does not reach all of them names those that it leaves, and what helps', () => {
  expect(broughtBack(SOME, 'Google Ads')).toBe(
    ':warning: 6 of 8 connections are back with the login of ana@acme.example. 2 are not reached by it: `google-ads-1` (Shop 1) and `google-ads-2` (Shop 2). ' +
      'Somebody whose Google Ads login reaches those has to press Reauthorize too.',
  )
  expect(broughtBack({ ...SOME, back: 1, left: left(1, 'not_read') }, 'Google Ads')).toBe(
    ':warning: 1 of 2 connections is back with the login of ana@acme.example. 1 is not readable right now: `google-ads-1` (Shop 1). Press Reauthorize once more for it.',
  )
  expect(broughtBack({ ...SOME, left: [] }, 'Google Ads')).toContain('All 6 connections are back')
})

test('hundreds are counted, not listed', () => {
  const words = broughtBack({ ...SOME, left: left(300) }, 'Google Ads')
  expect(words).toContain('and 292 more')
  expect(words.length).toBeLessThan(1500)
  const message = connectionsAdded({ kind: 'connections_added', provider: 'Meta', by: 'U1', username: 'a', accounts: left(60) })
  expect(message.text).toMatch(/60 accounts of Meta were connected by <@U1>.*and 52 more/)
})

test('the red card and the details say carefully that newer logins may have ended this one', () => {
  const crowdedOut = { kept: 5, because: 'approvals' as const, count: 7 }
  for (const shown of [
    visible(redCard(aCard({ crowdedOut }), anOutage(), LOOK)),
    visible(connectionDetails(aRedListed(), known({ crowdedOut }), LOOK, at('09:30'))),
  ]) {
    expect(shown).toMatch(/This \*may\* be a limit of Salesforce: it keeps 5 logins of one user to one app/)
    expect(shown).toContain('this user let the Redkey app in 7 times within 90 days')
    expect(shown).toContain('other Redkeys with the same client id')
  }
  expect(visible(redCard(aCard(), anOutage(), LOOK))).not.toContain('may')
})

test.each([
  ['api', 'did not allow reading and writing records (`api`)'],
  ['https://ads.microsoft.com/msads.manage', 'reading and changing ad accounts (`https://ads.microsoft.com/msads.manage`)'],
  ['See and edit your Google Ads accounts', 'did not allow *See and edit your Google Ads accounts*'],
  ['some.new.scope', 'did not allow `some.new.scope`'],
  ['constructor', 'did not allow `constructor`'],
])('a scope that is missing is told in words: %s', (scope, words) => {
  const facts = aCard({ message: aMessage({ kind: 'notice' }) })
  const { text } = noticeMessage(facts, { kind: 'scope_missing', missing: [scope], username: 'ana' })
  expect(text).toContain(words)
})
