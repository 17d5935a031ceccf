import { expect, test } from 'vitest'
import { catchUpCard } from '../../src/messages/catch-up-card.ts'
import { doneCard } from '../../src/messages/done-card.ts'
import { report } from '../../src/messages/report.ts'
import { withdrawnCard } from '../../src/messages/withdrawn-card.ts'
import { aCard, aCatchUp, aConnection, aFinishedCatchUp, anOutage, aReauthorizedOutage, at, buttons, visible } from './a-card.ts'

const connection = aConnection()

test('a catch-up shows who, after how long, how far and how much longer', () => {
  const card = catchUpCard(aCard({ connection, now: at('12:13') }), aReauthorizedOutage(), aCatchUp())
  const shown = visible(card)
  expect(shown).toContain('🟢 Salesforce is authorized again')
  expect(shown).toContain('Reauthorized by <@U0BENOKAFOR> as ben@acme.example, 3 h 12 min after it last worked.')
  expect(shown).toContain('▓▓▓▓▓░░░░░░░  *640 / 1,284*')
  expect(shown).toContain('11 per second · about 1 min left · 2 rejected')
  expect(card.text).toContain('640 of 1,284 touchpoints')
  expect(Object.keys(buttons(card))).toEqual(['Hold pushing', 'Details'])
})

test('the bar is full only when nothing is left', () => {
  const barOf = (pushed: number) =>
    visible(catchUpCard(aCard({ connection }), aReauthorizedOutage(), aCatchUp({ pushed, superseded: 0, rejected: 0 })))
  expect(barOf(1283)).toContain('▓░  ')
  expect(barOf(1284)).not.toContain('░')
  expect(barOf(0)).not.toContain('▓')
})

test('a catch-up that stands still says why', () => {
  const paused = aConnection({ health: { status: 'authorization_required' } })
  expect(visible(catchUpCard(aCard({ connection: paused }), aReauthorizedOutage(), aCatchUp()))).toContain(
    'the connection is down again',
  )
  const unconfirmed = aConnection({ confirmedAt: null })
  expect(visible(catchUpCard(aCard({ connection: unconfirmed }), aReauthorizedOutage(), aCatchUp()))).toContain(
    'until somebody confirms',
  )
})

test('a link that proved nobody names the login, never a Slack user', () => {
  const outage = aReauthorizedOutage({ closedBy: null })
  const shown = visible(doneCard(aCard({ connection }), outage, aFinishedCatchUp()))
  expect(shown).toContain('Reauthorized by the login ben@acme.example, 3 h 12 min after it last worked.')
  expect(shown).not.toContain('<@')
})

test('done accounts for every missed touchpoint and leaves only Details', () => {
  const card = doneCard(aCard({ connection }), aReauthorizedOutage(), aFinishedCatchUp())
  expect(visible(card)).toContain('All 1,284 missed touchpoints accounted for: 1,279 pushed, 2 superseded, 3 rejected.')
  expect(card.text).toContain('All 1,284 missed touchpoints accounted for: 1,279 pushed, 2 superseded, 3 rejected.')
  expect(Object.keys(buttons(card))).toEqual(['Details'])
})

test('says which time is which: when it last worked, when that was noticed, when it was back', () => {
  const shown = visible(doneCard(aCard({ connection }), aReauthorizedOutage(), aFinishedCatchUp()))
  expect(shown).toMatch(/Last worked <!date[^>]*09:00 UTC>, noticed <!date[^>]*09:12 UTC>, back <!date[^>]*12:12 UTC>\./)
})

test('a sum that is not right is not called complete', () => {
  const shown = visible(doneCard(aCard({ connection }), aReauthorizedOutage(), aFinishedCatchUp({ pushed: 1278 })))
  expect(shown).toContain('1 of 1,284 missed touchpoints not accounted for: 1,278 pushed, 2 superseded, 3 rejected.')
  expect(shown).not.toContain('All 1,284')
})

test('nothing missed is said as such', () => {
  const none = aFinishedCatchUp({ expected: 0, pushed: 0, superseded: 0, rejected: 0 })
  expect(visible(doneCard(aCard({ connection }), aReauthorizedOutage(), none))).toContain('No touchpoint was missed.')
})

test('what came back by itself is not called reauthorized', () => {
  const recovered = anOutage({ kind: 'permission', closedAt: at('12:12'), closedHow: 'recovered' })
  const shown = visible(doneCard(aCard({ connection }), recovered, null))
  expect(shown).toContain('✅ Salesforce works again')
  expect(shown).toContain('nobody had to log in')
})

test('a false alarm is withdrawn visibly, with what waited meanwhile', () => {
  const outage = anOutage({ closedAt: at('09:42'), closedHow: 'withdrawn' })
  const card = withdrawnCard(aCard({ connection }), outage, aCatchUp())
  expect(visible(card)).toContain('Nobody needs to log in. Sorry for the alarm, which stood for 30 min.')
  expect(visible(card)).toContain('640 / 1,284')
  expect(Object.keys(buttons(card))).toEqual(['Hold pushing', 'Details'])
})

test('the report proves the numbers and groups the rejects by reason, most frequent first', () => {
  const rejects = [
    { code: 'STRING_TOO_LONG', message: 'Campaign: data value too large', field: 'Campaign__c', count: 1 },
    { code: 'REQUIRED_FIELD_MISSING', message: 'Required fields are missing', field: null, count: 2 },
  ]
  const card = report(aCard({ connection, rejects }), aReauthorizedOutage(), aFinishedCatchUp())
  const shown = visible(card)
  expect(shown).toContain('<@U0ANARUIZ>')
  expect(shown).toContain('All 1,284 missed touchpoints accounted for')
  expect(shown).toContain('1,279 + 2 + 3')
  expect(shown).toContain('*Pushing took*\n2 min')
  expect(shown).toContain('*Speed*\n11 per second')
  expect(shown.indexOf('• 2 × Required fields are missing (`REQUIRED_FIELD_MISSING`)')).toBeGreaterThan(-1)
  expect(shown.indexOf('• 1 × Campaign: data value too large (field `Campaign__c`, `STRING_TOO_LONG`)')).toBeGreaterThan(
    shown.indexOf('• 2 ×'),
  )
  expect(shown).not.toContain('from other times')
  expect(card.text).toContain('Salesforce refused 3 touchpoints')
})

test('the report does not take earlier rejects for its own', () => {
  const rejects = [{ code: 'X', message: 'no', field: null, count: 10 }]
  const backlog = { waiting: 0, pushed: 0, superseded: 0, rejected: 10 }
  expect(visible(report(aCard({ connection, rejects, backlog }), null, aFinishedCatchUp()))).toContain('with 7 from other times')
})

test('a long list of reasons ends in a count', () => {
  const rejects = Array.from({ length: 8 }, (_, index) => ({ code: `C${index}`, message: 'm', field: null, count: 10 - index }))
  const shown = visible(report(aCard({ connection, rejects }), null, aFinishedCatchUp({ pushed: 1230, rejected: 52 })))
  expect(shown).toContain('• 12 more for 3 other reasons')
})
