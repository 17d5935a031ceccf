import { describe, expect, test } from 'vitest'
import type { CardFacts, Notice } from '../../src/domain/cards/card.ts'
import type { CardGroup } from '../../src/domain/cards/card-group.ts'
import type { Hold } from '../../src/domain/outbox/hold.ts'
import { REFUSAL_CODES, type RefusalReason } from '../../src/domain/outbox/refusal.ts'
import type { AlarmedReason, RejectAlarm } from '../../src/domain/outbox/reject-alarm.ts'
import { renderCard } from '../../src/messages/render-card.ts'
import { checkBlocks, isTextTooLong } from '../../src/sandbox/slack/blocks.ts'
import {
  aCard,
  aCatchUp,
  aConnection,
  aFinishedCatchUp,
  aGroup,
  aLooseCard,
  aMember,
  aMessage,
  anOutage,
  aReauthorizedOutage,
  at,
  LOOK,
  visible,
} from './a-card.ts'

const up = aConnection()
const notice = (of: Notice) => aCard({ message: aMessage({ kind: 'notice', notice: of }) })
const REFUSAL: RefusalReason = {
  code: 'custom_field_not_mapped',
  about: 'Score__c',
  sender: 2,
  count: 300,
  message: 'Add to the mapping of salesforce first: Score__c.',
  examples: ['tp_1', 'tp_2'],
}
const OTHERS = REFUSAL_CODES.map((code, n): RefusalReason => ({ ...REFUSAL, code, about: 'x', sender: null, count: 4 - n }))
const ALARMED: AlarmedReason = {
  code: 'STRING_TOO_LONG',
  field: 'bizible2__Ad_Content__c',
  words: '',
  count: 312,
  message: 'Ad Content: data value too large: Spring sale … (max length=255)',
  key: 7,
  value: 'Spring sale',
  examples: ['tp_1', 'tp_2', 'tp_3', 'tp_4', 'tp_5'],
}
const anAlarm = (over: Partial<RejectAlarm> = {}): RejectAlarm => ({
  messageId: 'msg_1',
  connectionId: 'con_1',
  kind: 'alike',
  since: at('12:00'),
  settledFrom: at('11:20'),
  settled: 4000,
  rejected: 312,
  reasons: [ALARMED],
  liftedBy: null,
  liftedAt: null,
  ...over,
})
const rejects = (alarm: RejectAlarm) =>
  aCard({ message: aMessage({ kind: 'rejects', outageId: null }), connection: up, outage: null, alarm })
const RED_TOO = 'red, of a login that newer ones may have ended'
const LEFT = Array.from({ length: 25 }, (_, n) => ({ name: `meta-${n}`, account: `Shop ${n}`, why: 'not_reached' as const }))

const SIX = [0, 1, 2, 3, 4, 5].map((n) => aMember(n))
const BACK = SIX.map((one) => ({ ...one, outage: aReauthorizedOutage({ id: one.outage.id }), catchUp: aFinishedCatchUp() }))
const MANY = Array.from({ length: 60 }, (_, n) =>
  aMember(n, {
    username: `user-${n}@acme.example`,
    outage: anOutage({ cause: ['revoked', 'expired', 'password_changed'][n % 3] ?? '' }),
  }),
)
const MIXED = [
  ...SIX,
  aMember(6, { outage: anOutage({ closedHow: 'withdrawn', closedAt: at('10:00') }) }),
  aMember(7, { outage: anOutage({ kind: 'permission', cause: 'role_missing' }) }),
]
const SET_UP = aMember(8, { outage: anOutage({ kind: 'misconfigured', cause: 'client' }) })
const HELD = BACK.map((one) => ({ ...one, catchUp: aCatchUp() }))
const HOLD = { reason: 'ask', connectionId: 'con_1', by: null, since: at('12:00'), until: null, detail: {} } as unknown as Hold
const shared = (group: CardGroup, over: Partial<CardFacts> = {}) =>
  aCard({ group, outage: group.members[0]?.outage ?? null, connection: group.members[0]?.connection ?? up, ...over })

const RED_OF_SEVERAL = [
  'red, of several connections',
  'red, of sixty connections with a login each',
  'red, of several of which some are back',
  'a storm',
  'red, of which one waits for the set-up',
]

const CARDS: Record<string, { facts: CardFacts; says: string }> = {
  'red, of several connections': { facts: shared(aGroup(SIX)), says: 'One Salesforce login broke 6 connections' },
  'red, of sixty connections with a login each': {
    facts: shared(aGroup(MANY)),
    says: '• and 48 more: `/connections` shows all',
  },
  'red, of several of which some are back': { facts: shared(aGroup(MIXED)), says: 'withdrawn: the login works after all' },
  'a storm': { facts: shared(aGroup([...MANY, ...MIXED], { isStorm: true })), says: '67 more connections need attention' },
  'a right that several lack': {
    facts: shared(aGroup([0, 1].map((n) => aMember(n, { outage: anOutage({ kind: 'permission', cause: 'role_missing' }) })))),
    says: '2 connections lack a right',
  },
  'red, of which one waits for the set-up': {
    facts: shared(aGroup([...SIX, SET_UP])),
    says: 'For 1 connection the Salesforce set-up of Redkey has to be fixed',
  },
  'several that wait for the set-up': {
    facts: shared(aGroup([SET_UP, { ...SET_UP, connection: aConnection({ id: 'con_9' }) }])),
    says: "Redkey's Salesforce set-up has a problem",
  },
  'several back': { facts: shared(aGroup(BACK)), says: 'All 7,704 missed touchpoints accounted for' },
  'several catching up': {
    facts: shared(aGroup(HELD, { held: HELD.slice(0, 5).map(({ connection }) => ({ connection, holds: [HOLD] })) })),
    says: '*3,840 / 7,704*',
  },
  'several back, for the channel': {
    facts: { ...notice({ kind: 'all_back' }), group: aGroup(BACK), outage: aReauthorizedOutage() },
    says: 'all 6 connections are back',
  },
  'several still down': {
    facts: { ...notice({ kind: 'reminder', ranOut: null, snoozed: null }), group: aGroup(MIXED) },
    says: '7 of 8 connections',
  },
  red: { facts: aCard(), says: 'Salesforce needs authorization' },
  permission: { facts: aCard({ outage: anOutage({ kind: 'permission', cause: 'role_missing' }) }), says: 'a right is missing' },
  misconfigured: { facts: aCard({ outage: anOutage({ kind: 'misconfigured', cause: 'client' }) }), says: 'set-up has a problem' },
  'catching up': {
    facts: aCard({ connection: up, outage: aReauthorizedOutage(), catchUp: aCatchUp() }),
    says: 'Pushing what was missed',
  },
  done: { facts: aCard({ connection: up, outage: aReauthorizedOutage(), catchUp: aFinishedCatchUp() }), says: 'accounted for' },
  recovered: {
    facts: aCard({ connection: up, outage: anOutage({ closedHow: 'recovered', closedAt: at('10:00') }) }),
    says: 'works again',
  },
  withdrawn: {
    facts: aCard({ connection: up, outage: anOutage({ closedHow: 'withdrawn', closedAt: at('10:00') }) }),
    says: 'after all',
  },
  report: {
    facts: aCard({
      message: aMessage({ kind: 'report', catchUpId: 'cat_1' }),
      outage: aReauthorizedOutage(),
      catchUp: aFinishedCatchUp(),
      rejects: Array.from({ length: 9 }, () => ({ code: 'CODE', message: 'Refused', field: 'Field__c', count: 3 })),
    }),
    says: 'catch-up report',
  },
  'a new CRM': {
    facts: aCard({ message: aMessage({ kind: 'welcome' }), connection: aConnection({ confirmedAt: null }) }),
    says: 'Nothing is pushed yet',
  },
  'a confirmed CRM': {
    facts: aCard({ message: aMessage({ kind: 'welcome' }), connection: up }),
    says: 'confirmed by <@U0ANARUIZ>',
  },
  'a CRM that was confirmed by adding it': {
    facts: aCard({
      message: aMessage({ kind: 'welcome' }),
      connection: aConnection({ ...up, addedAt: at('08:00'), confirmedAt: at('08:00') }),
    }),
    says: 'Touchpoints are pushed to it from now on.',
  },
  'another account': {
    facts: notice({ kind: 'wrong_account', expected: 'Acme Corp', came: 'Other Org', username: 'ben' }),
    says: 'to *Other Org* instead of *Acme Corp*',
  },
  'a missing scope': {
    facts: notice({ kind: 'scope_missing', missing: ['api', 'refresh_token'], username: 'ben' }),
    says: 'did not allow reading and writing records (`api`) and staying connected when nobody is logged in (`refresh_token`)',
  },
  'a missing scope without which nobody can be named': {
    facts: notice({ kind: 'scope_missing', missing: ['api'], username: '' }),
    says: 'somebody logged in to Salesforce, but did not allow reading and writing records (`api`)',
  },
  'a login that did not come back': {
    facts: notice({ kind: 'login_not_finished', provider: 'Salesforce' }),
    says: 'did not come back within 10 minutes',
  },
  'records refused on arrival': {
    facts: notice({
      kind: 'records_refused',
      refused: 312,
      sent: 4000,
      since: '2026-11-23T09:00:00.000Z',
      reasons: [REFUSAL, ...OTHERS],
    }),
    says: '*312 of 4,000 records were refused* on arrival',
  },
  'touchpoints refused alike': {
    facts: rejects(anAlarm()),
    says: '*312 of 4,000 touchpoints were refused for one reason* since',
  },
  'touchpoints refused alike, without a field': {
    facts: rejects(anAlarm({ reasons: [{ ...ALARMED, field: null, value: null, examples: [] }] })),
    says: '*Field*\nnone named',
  },
  'pushing that stopped': {
    facts: rejects(anAlarm({ kind: 'stopped', settled: 204, rejected: 196, reasons: [ALARMED, ALARMED, ALARMED] })),
    says: '*196 of 204 touchpoints in a row were refused*, so pushing stopped',
  },
  'pushing that goes on': {
    facts: rejects(
      anAlarm({ kind: 'stopped', liftedAt: at('12:00'), liftedBy: 'U0BENOKAFOR', reasons: [ALARMED, ALARMED, ALARMED] }),
    ),
    says: '<@U0BENOKAFOR> let it go on',
  },
  [RED_TOO]: {
    facts: aCard({ crowdedOut: { kept: 5, because: 'grants', count: 2 } }),
    says: '2 logins of this user are stored in Redkey',
  },
  'some of many back': {
    facts: notice({
      kind: 'brought_back',
      username: 'ana',
      back: 6,
      left: [...LEFT, { name: 'meta', account: 'Shop', why: 'not_read' }],
    }),
    says: '6 of 32 connections are back',
  },
  'many accounts connected': {
    facts: notice({ kind: 'connections_added', provider: 'Meta', by: 'U0ANARUIZ', username: 'ana', accounts: LEFT }),
    says: '25 accounts of Meta were connected by <@U0ANARUIZ>',
  },
  'somebody invited': {
    facts: notice({ kind: 'invited', by: 'U0ANARUIZ', until: '2026-11-26T09:00:00.000Z' }),
    says: '<@U0ANARUIZ> invited somebody outside the workspace',
  },
  'an invitation withdrawn': {
    facts: notice({ kind: 'invitation_withdrawn', by: 'U0ANARUIZ' }),
    says: '<@U0ANARUIZ> withdrew the invitation',
  },
  'an invitation used': {
    facts: notice({ kind: 'invitation_used', by: 'U0ANARUIZ', username: 'jo@agency.example' }),
    says: 'The invitation of <@U0ANARUIZ> was used: jo@agency.example logged in to Salesforce.',
  },
  'a refused login': { facts: notice({ kind: 'login_refused', explanation: 'The user said no.' }), says: 'The user said no.' },
}

describe.each(Object.entries(CARDS))('%s', (_name, { facts, says }) => {
  test('is the message that these facts call for', () => {
    expect(visible(renderCard(facts, LOOK))).toContain(says)
  })

  test('is accepted by Slack and short enough to be read, also with the worst of data', () => {
    const rendered = renderCard(hostile(facts), LOOK)
    expect(checkBlocks(rendered.blocks, 'message')).toEqual([])
    expect(isTextTooLong(structuredClone([...rendered.blocks]) as never)).toBe(false)
    expect(visible(rendered).length).toBeLessThan(2_500)
    expect(rendered.text.length).toBeLessThan(1_500)
    expect(rendered.text.trim()).toBe(rendered.text)
  })

  test('lets no outside text ping, link, or reorder', () => {
    const rendered = renderCard(hostile(facts), LOOK)
    const everything = `${rendered.text}\n${visible(rendered)}`
    expect(everything).not.toMatch(/<!(?!date\^)/)
    expect(everything).not.toContain('<https://evil')
    expect(everything).not.toContain('<@U0EVIL>')
    expect(everything).not.toContain('\u202E')
    expect(everything).not.toContain(':skull:')
  })
})

test('only red cards show the red key', () => {
  const withKey = Object.entries(CARDS).filter(([, { facts }]) => /:key:|🔑/.test(JSON.stringify(renderCard(facts, LOOK))))
  expect(withKey.map(([name]) => name)).toEqual([...RED_OF_SEVERAL, 'several still down', 'red', RED_TOO])
})

test('only red cards and reports mention somebody to act', () => {
  const mentioning = Object.entries(CARDS).filter(([, { facts }]) =>
    JSON.stringify(renderCard({ ...facts, mentions: ['U0MENTIONED'] }, LOOK)).includes('<@U0MENTIONED>'),
  )
  expect(mentioning.map(([name]) => name)).toEqual([
    ...RED_OF_SEVERAL,
    'several back, for the channel',
    'several still down',
    'red',
    'report',
    RED_TOO,
  ])
})

test('records refused on arrival are told by reason, with examples and what to do, also when they belong to no connection', () => {
  const notice = {
    kind: 'records_refused' as const,
    refused: 312,
    sent: null,
    since: '2026-11-23T09:00:00.000Z',
    reasons: [REFUSAL],
  }
  const facts = aLooseCard({ message: aMessage({ kind: 'notice', connectionId: null, notice }) })
  const rendered = renderCard(facts, LOOK)
  const shown = visible(rendered)
  expect(shown).toContain('*312 records were refused* on arrival')
  expect(shown).toContain(
    '• 300 × `custom_field_not_mapped` (API token 2): Add to the mapping of salesforce first: Score__c. · for example `tp_1`, `tp_2`',
  )
  expect(shown).toContain('Add the fields to the mapping')
  expect(rendered.text).toContain('300 × custom_field_not_mapped')
  const other = { ...facts, message: { ...facts.message, notice: { kind: 'login_not_finished' as const, provider: 'x' } } }
  expect(() => renderCard(other, LOOK)).toThrow('msg_1')
})

test('a message without its facts is a bug and says which', () => {
  expect(() => renderCard(aCard({ outage: null }), LOOK)).toThrow('msg_1')
})

/** The same facts with every foreign string as long and as bad as it can be. */
function hostile(facts: CardFacts): CardFacts {
  const bad = (text: string) => `<!channel> <@U0EVIL> <https://evil.example|${text}> \u202E:skull: & ${'<'.repeat(400)}`
  const { connection, group, outage, message } = facts
  return {
    ...facts,
    group: group && hostileGroup(group, bad),
    username: bad(facts.username),
    connection: { ...connection, accountName: bad(connection.accountName), name: bad(connection.name).slice(0, 60) },
    outage: outage && { ...outage, explanation: bad(outage.explanation), closedByUsername: outage.closedByUsername && bad('x') },
    rejects: facts.rejects.map((group) => ({ ...group, code: bad('c'), message: bad('m'), field: bad('f') })),
    alarm: facts.alarm && {
      ...facts.alarm,
      reasons: facts.alarm.reasons.map((one) => ({
        ...one,
        code: bad('c'),
        message: bad('m'),
        field: one.field && bad('f'),
        value: one.value && bad('v'),
        examples: one.examples.map(bad),
      })),
    },
    message: { ...message, notice: message.notice && hostileNotice(message.notice, bad) },
  }
}

function hostileGroup(group: CardGroup, bad: (text: string) => string): CardGroup {
  const members = group.members.map(({ connection, outage, ...one }) => ({
    ...one,
    username: bad(one.username),
    connection: { ...connection, accountName: bad(connection.accountName), name: bad(connection.name).slice(0, 60) },
    outage: { ...outage, explanation: bad(outage.explanation), closedByUsername: outage.closedByUsername && bad('x') },
  }))
  const held = group.held.map(({ connection, holds }) => ({
    connection: { ...connection, accountName: bad(connection.accountName), name: bad(connection.name) },
    holds,
  }))
  return aGroup(members, { isStorm: group.isStorm, held })
}

function hostileNotice(of: Notice, bad: (text: string) => string): Notice {
  switch (of.kind) {
    case 'wrong_account':
      return { ...of, expected: bad('e'), came: bad('c'), username: bad('u') }
    case 'scope_missing':
      return { ...of, missing: Array.from({ length: 50 }, () => bad('s')), username: bad('u') }
    case 'login_not_finished':
      return { ...of, provider: bad('p') }
    case 'login_refused':
      return { ...of, explanation: bad('x') }
    case 'invited':
    case 'invitation_withdrawn':
      return { ...of, by: bad('b') }
    case 'invitation_used':
      return { ...of, by: bad('b'), username: bad('u') }
    case 'brought_back':
      return { ...of, username: bad('u'), left: of.left.map((one) => ({ ...one, name: bad('n'), account: bad('a') })) }
    case 'connections_added': {
      const accounts = of.accounts.map(() => ({ name: bad('n'), account: bad('a') }))
      return { ...of, provider: bad('p'), username: bad('u'), by: bad('b'), accounts }
    }
    case 'connection_removed':
      return { ...of, name: bad('n'), account: bad('a'), provider: bad('p'), by: bad('b') }
    case 'login_ends':
      return { ...of, connections: of.connections.map(() => ({ id: 'c', name: bad('n'), accountName: bad('a') })) }
    case 'secret_ends':
    case 'asks_anew':
    case 'card_frozen':
    case 'all_back':
    case 'card_moved':
      return of
    case 'reminder':
      return { ...of, ranOut: of.ranOut && { ...of.ranOut, by: bad('b') }, snoozed: of.snoozed && { by: bad('s') } }
    case 'records_refused':
      return {
        ...of,
        reasons: of.reasons.map((one) => ({ ...one, about: bad('a'), message: bad('m'), examples: [bad('i'), bad('j')] })),
      }
  }
}
