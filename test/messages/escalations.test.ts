import { describe, expect, test } from 'vitest'
import type { CardFacts, Notice } from '../../src/domain/cards/card.ts'
import type { EscalationChanged } from '../../src/domain/cards/change-escalation.ts'
import type { Escalation } from '../../src/domain/cards/escalation.ts'
import { readPress, writePress } from '../../src/messages/action-ids.ts'
import { escalationReply } from '../../src/messages/escalation-reply.ts'
import { renderCard } from '../../src/messages/render-card.ts'
import { checkBlocks } from '../../src/sandbox/slack/blocks.ts'
import {
  aCard,
  aConnection,
  aGroup,
  aMember,
  aMessage,
  anOutage,
  aReauthorizedOutage,
  at,
  buttons,
  LOOK,
  visible,
} from './a-card.ts'

const [ANA, BEN, CHLOE] = ['U0ANARUIZ', 'U0BENOKAFOR', 'U0CHLOEMARTIN'] as const

function anEscalation(over: Partial<Escalation> = {}): Escalation {
  return {
    messageId: 'msg_1',
    openedAt: at('09:12'),
    claim: null,
    snooze: null,
    last: null,
    step: 0,
    reminderId: null,
    remindAt: at('10:12'),
    endedAt: null,
    version: 3,
    ...over,
  }
}
const CLAIM = { by: BEN, at: at('11:14'), until: at('15:14') }
const SNOOZE = { by: CHLOE, at: at('12:00'), until: at('16:00') }

const asking = (over: Partial<Escalation> = {}, more: Partial<CardFacts> = {}) =>
  renderCard(aCard({ escalation: anEscalation(over), ...more }), LOOK)

describe('a card that asks', () => {
  test('shows Reauthorize first, then what else people can do', () => {
    expect(Object.keys(buttons(asking()))).toEqual(['Reauthorize', "I'm on it", 'Details'])
    expect(Object.keys(buttons(asking({ claim: CLAIM })))).toEqual(['Reauthorize', 'Take over', 'Release', 'Details'])
    const permission = aCard({ outage: anOutage({ kind: 'permission', cause: 'role_missing' }), escalation: anEscalation() })
    expect(Object.keys(buttons(renderCard(permission, LOOK)))).toEqual(['Reauthorize as somebody else', "I'm on it", 'Details'])
    expect(Object.keys(buttons(asking({}, { outage: anOutage({ kind: 'misconfigured', cause: 'client' }) })))).toEqual([
      'Details',
    ])
  })

  test('says who is on it and until when it is snoozed, also to screen readers, and asks nobody else then', () => {
    const card = asking({ claim: CLAIM, snooze: SNOOZE })
    for (const words of [visible(card), card.text]) {
      expect(words).toMatch(new RegExp(`<@${BEN}> is on it since <!date\\^\\d+`))
      expect(words).toMatch(new RegExp(`Snoozed until <!date\\^\\d+[^>]+>, by <@${CHLOE}>`))
    }
    expect(visible(card)).not.toContain('please log in again')
  })

  test('says nothing of what has run out', () => {
    const card = asking({ claim: { ...CLAIM, until: at('12:12') }, snooze: { ...SNOOZE, until: at('12:12') } })
    expect(visible(card)).not.toMatch(/is on it since|Snoozed/)
    expect(visible(card)).toContain('please log in again')
  })

  test('offers to end a snooze while there is one, in a row that Slack draws anew', () => {
    const row = (card: ReturnType<typeof asking>) => JSON.stringify(card.blocks.find(({ type }) => type === 'actions'))
    expect(row(asking())).not.toContain('End the snooze')
    expect(row(asking({ snooze: SNOOZE }))).toContain('End the snooze')
    expect(row(asking())).toContain('"block_id":"actions_3"')
    expect(row(asking({ version: 4 }))).toContain('"block_id":"actions_4"')
  })

  test.each([
    ['red', aCard({ escalation: anEscalation({ claim: CLAIM, snooze: SNOOZE }) })],
    [
      'permission',
      aCard({ outage: anOutage({ kind: 'permission' }), escalation: anEscalation({ claim: CLAIM, snooze: SNOOZE }) }),
    ],
  ])('is accepted by Slack (%s)', (_, facts) => {
    const id = '0123456789'.repeat(3).padEnd(36, 'x')
    const long = {
      ...facts,
      outage: facts.outage && { ...facts.outage, id },
      escalation: anEscalation({ ...facts.escalation, version: 99_999 }),
    }
    const rendered = renderCard(long, LOOK)
    expect(checkBlocks(rendered.blocks, 'message')).toEqual([])
    expect(visible(rendered).length).toBeLessThan(2_500)
    const values = [...JSON.stringify(rendered.blocks).matchAll(/"value":"([^"]+)"/g)].map(([, value]) => value ?? '')
    expect(Math.max(...values.map(({ length }) => length))).toBeLessThanOrEqual(75)
  })
})

const say = (notice: Notice, more: Partial<CardFacts> = {}) =>
  visible(renderCard(aCard({ message: aMessage({ kind: 'notice', notice }), escalation: anEscalation(), ...more }), LOOK))
const REMINDER = { kind: 'reminder' as const, ranOut: null, snoozed: null }

describe('below a card', () => {
  test('a reminder says for how long, what waits, and whom it asks', () => {
    const told = say(REMINDER, { mentions: [ANA, BEN, 'S0ONCALL'] })
    expect(told).toContain('Salesforce still needs authorization after 3 h: *Acme Corp*')
    expect(told).toContain('1,284 touchpoints are waiting.')
    expect(told).toContain(`<@${ANA}> <@${BEN}> <!subteam^S0ONCALL>, please press Reauthorize on the card above.`)
  })

  test('a reminder to whoever is on it says since when', () => {
    const told = say(REMINDER, { mentions: [BEN], escalation: anEscalation({ claim: CLAIM }) })
    expect(told).toMatch(new RegExp(`<@${BEN}>, you are on it since <!date`))
  })

  test('a reminder that could not go below its card has the button itself', () => {
    const detour = { channelId: 'C0MARKETINGOPS', reason: 'is_archived', at: at('09:12') }
    const facts = aCard({ message: aMessage({ kind: 'notice', notice: REMINDER, detour }), escalation: anEscalation() })
    const reminder = renderCard(facts, LOOK)
    expect(visible(reminder)).toMatch(/could not post.*please press Reauthorize\./s)
    expect(buttons(reminder)).toMatchObject({ Reauthorize: { url: 'https://redkey.example/reauthorize/ticket' } })
    expect(buttons(renderCard(aCard({ message: aMessage({ kind: 'notice', notice: REMINDER }) }), LOOK))).toEqual({})
  })

  describe('what asks anew', () => {
    const anew = (over: Partial<CardFacts> = {}) => {
      const message = aMessage({ kind: 'notice', notice: { kind: 'asks_anew' }, broadcast: true })
      return renderCard(aCard({ message, escalation: anEscalation(), ...over }), LOOK)
    }

    test('has the button itself, since the card is far above', () => {
      expect(buttons(anew())).toMatchObject({
        Reauthorize: { url: 'https://redkey.example/reauthorize/ticket', value: 'out_1 salesforce' },
      })
      expect(visible(anew())).toContain('please press Reauthorize.')
      expect(checkBlocks(anew().blocks, 'message')).toEqual([])
    })

    test('has none where links are hidden, nor for what a login does not mend', () => {
      const hidden = anew({ reauthorizeUrl: null })
      expect(buttons(hidden)).toEqual({})
      expect(visible(hidden)).toContain('please press Reauthorize on the card above.')
      expect(buttons(anew({ outage: anOutage({ kind: 'permission', cause: 'role_missing' }) }))).toEqual({})
    })

    test('has one for each login that several connections need', () => {
      const members = ['ana', 'ben'].map((username, n) => aMember(n, { username }))
      expect(Object.values(buttons(anew({ group: aGroup(members) })))).toMatchObject([
        { value: 'out_0 salesforce', style: 'primary' },
        { value: 'out_1 salesforce-2' },
      ])
    })
  })

  test('a reminder names nobody who is gone', () => {
    const told = say(
      { ...REMINDER, ranOut: { by: null, at: at('11:00').toISOString() }, snoozed: { by: null } },
      { mentions: [] },
    )
    expect(told).toMatch(/The claim ran out <!date.*nobody is on it now\. The snooze is over\./)
    expect(told).not.toContain('<@')
  })

  test('a card that can’t be edited is told as it is', () => {
    const frozen = (over: Partial<CardFacts>) => say({ kind: 'card_frozen' }, over)
    expect(frozen({})).toMatch(/still needs authorization.*Nobody is on it/s)
    expect(frozen({ escalation: anEscalation({ claim: CLAIM }) })).toContain(`<@${BEN}> is on it since`)
    const closed = { escalation: null, connection: aConnection() }
    expect(frozen({ ...closed, outage: aReauthorizedOutage() })).toMatch(/is authorized again.*Reauthorized by/s)
    expect(frozen({ ...closed, outage: anOutage({ closedHow: 'withdrawn', closedAt: at('10:00') }) })).toContain(
      'needs no authorization after all',
    )
    expect(frozen({ ...closed, outage: anOutage({ closedHow: 'recovered', closedAt: at('10:00') }) })).toContain('works again')
  })
})

test.each([
  ['is_archived', 'it is archived'],
  ['not_in_channel', '/invite'],
  ['channel_not_found', 'it is gone, or private'],
  ['restricted_action', 'I may not write there'],
  ['constructor', 'I may not write there'],
])('a message that could not be posted to its channel says why (%s)', (reason, words) => {
  const message = aMessage({ detour: { channelId: 'C0MARKETINGOPS', reason, at: at('09:12') } })
  const card = renderCard(aCard({ message }), LOOK)
  expect(visible(card)).toContain(`I could not post to <#C0MARKETINGOPS>: `)
  expect(visible(card)).toContain(words)
  expect(card.text).toMatch(/needs authorization.*I could not post/s)
  expect(checkBlocks(card.blocks, 'message')).toEqual([])
})

describe('an answer to a press', () => {
  const next = { claim: CLAIM, snooze: null, last: null, remindAt: null }
  const ended = { by: CHLOE, at: at('11:00') }
  const OUTCOMES: [EscalationChanged, RegExp][] = [
    [{ kind: 'claim', next, claim: CLAIM, from: null }, /You're on it\. Reminders go to you alone until <!date/],
    [{ kind: 'claim', next, claim: CLAIM, from: CHLOE }, /<@U0CHLOEMARTIN> was on it before/],
    [{ kind: 'release', next }, /not on it any more/],
    [{ kind: 'snooze', next, snooze: SNOOZE }, /Snoozed until <!date/],
    [{ kind: 'wake', next }, /The snooze is over/],
    [{ kind: 'already_claimed', claim: CLAIM }, /You are on it already, until <!date\^1795446840\^/],
    [{ kind: 'already_claimed', claim: { ...CLAIM, by: ANA } }, /<@U0ANARUIZ> is already on it, since <!date/],
    [{ kind: 'not_claimed', ended: null }, /^Nobody is on it\.$/],
    [{ kind: 'not_claimed', ended }, /released already by <@U0CHLOEMARTIN> <!date/],
    [{ kind: 'not_claimed', ended: { ...ended, by: null } }, /The claim ran out <!date/],
    [{ kind: 'already_snoozed', snooze: SNOOZE }, /Snoozed already by <@U0CHLOEMARTIN>/],
    [{ kind: 'not_snoozed', ended: null }, /^It is not snoozed\.$/],
    [{ kind: 'not_snoozed', ended }, /ended already by <@U0CHLOEMARTIN>/],
    [{ kind: 'over', outage: aReauthorizedOutage() }, /over: reauthorized by <@U0BENOKAFOR> <!date/],
    [
      { kind: 'over', outage: aReauthorizedOutage({ closedBy: null }) },
      /over: reauthorized by the login ben@acme\.example <!date/,
    ],
    [{ kind: 'over', outage: anOutage({ closedHow: 'withdrawn', closedAt: at('10:00') }) }, /over: it works again since <!date/],
    [{ kind: 'busy' }, /press again/],
    [{ kind: 'not_allowed', reason: 'guest' }, /Guests can’t use Redkey/],
    [{ kind: 'gone' }, /nothing left to do/],
  ]
  test.each(OUTCOMES)('%o tells what became of it', (outcome, words) => {
    const { text, blocks } = escalationReply(outcome, BEN, '/connections')
    expect(text).toMatch(words)
    expect(checkBlocks(blocks, 'message')).toEqual([])
  })
})

test('what buttons carry is read back, and nothing else is', () => {
  for (const what of ['claim', 'release', 'wake', '1h', '4h', 'tomorrow'] as const) {
    const press = { outageId: 'out_1', version: 12, what }
    expect(readPress(writePress(press))).toEqual(press)
  }
  for (const odd of ['', 'out_1', 'out_1 x claim', 'out_1 1 dance', ' 1 claim', 'out_1 -1 claim'])
    expect(readPress(odd)).toBeUndefined()
})
