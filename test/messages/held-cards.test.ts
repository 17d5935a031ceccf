import { describe, expect, test } from 'vitest'
import type { PushingChanged } from '../../src/domain/outbox/change-pushing.ts'
import type { Hold } from '../../src/domain/outbox/hold.ts'
import type { PushPreview } from '../../src/domain/outbox/push-preview.ts'
import { catchUpCard } from '../../src/messages/catch-up-card.ts'
import { connectionDetails } from '../../src/messages/connection-details.ts'
import { connectionsList } from '../../src/messages/connections-list.ts'
import { doneCard } from '../../src/messages/done-card.ts'
import { pushingReply } from '../../src/messages/pushing-reply.ts'
import { withdrawnCard } from '../../src/messages/withdrawn-card.ts'
import { checkBlocks } from '../../src/sandbox/slack/blocks.ts'
import {
  aCard,
  aCatchUp,
  aConnection,
  aFinishedCatchUp,
  aListed,
  anOutage,
  aReauthorizedOutage,
  at,
  buttons,
  known,
  LOOK,
  pageWith,
  visible,
} from './a-card.ts'

const connection = aConnection()
const UNTIL = `<!date^${at('12:44').getTime() / 1000}`

function aHold(over: Partial<Hold> = {}): Hold {
  return { connectionId: 'con_1', reason: 'paused', since: at('12:14'), until: null, by: 'U0ANARUIZ', detail: {}, ...over }
}
const ASK = aHold({ reason: 'ask', by: null })
const BUDGET = aHold({ reason: 'budget', by: null, until: at('12:44'), detail: { usage: { used: 12_012, limit: 15_000 } } })
const PREVIEW: PushPreview = {
  waiting: 1284,
  firstAcceptedAt: at('09:00'),
  lastAcceptedAt: at('12:10'),
  objects: ['bizible2__Bizible_Touchpoint__c', 'bizible2__Bizible_Attribution_Touchpoint__c'],
  requests: 7,
  requestsLeft: 11_988,
  exampleIds: ['tp_1', 'tp_2', '<!channel>'],
}

const running = (...holds: Hold[]) => catchUpCard(aCard({ connection, holds }), aReauthorizedOutage(), aCatchUp())

describe('the card of a catch-up that is held', () => {
  test('runs: it can be paused', () => {
    expect(Object.keys(buttons(running()))).toEqual(['Hold pushing', 'Details'])
    expect(buttons(running())['Hold pushing']).toMatchObject({ action_id: 'pause_pushing', value: 'con_1' })
  })

  test('paused: by whom and since when, how far it is, and Resume', () => {
    const card = running(aHold())
    expect(visible(card)).toContain(`*On hold* by <@U0ANARUIZ> <!date^${at('12:14').getTime() / 1000}`)
    expect(visible(card)).toContain('640 / 1,284')
    expect(visible(card)).not.toContain('per second')
    expect(card.text).toContain('On hold by <@U0ANARUIZ>')
    expect(card.text).not.toMatch(/[*]|:double/)
    expect(Object.keys(buttons(card))).toEqual(['Push on', 'Details'])
  })

  test('over the budget: how much is used, when it looks again, and that it goes on by itself; a person may hold it all the same', () => {
    const shown = visible(running(BUDGET))
    expect(shown).toContain(`*Pushing waits until ${UNTIL}`)
    expect(shown).toContain(
      '80 % of the 15,000 API requests that Salesforce allows in 24 hours are used. Redkey looks again then',
    )
    expect(Object.keys(buttons(running(BUDGET)))).toEqual(['Hold pushing', 'Details'])
    const usedUp = visible(running({ ...BUDGET, detail: {} }))
    expect(usedUp).toContain('Salesforce says that the API requests it allows in 24 hours are used up.')
    expect(usedUp).not.toMatch(/\d %/)
  })

  test('waiting for a word: what would be pushed, where to, at what cost, and Push now', () => {
    const card = catchUpCard(aCard({ connection, holds: [ASK], preview: PREVIEW }), aReauthorizedOutage(), aCatchUp())
    const shown = visible(card)
    expect(shown).toContain('*Nothing is pushed until somebody presses Push now.*')
    expect(shown).toContain('waits as well')
    expect(shown).toContain('1,284 touchpoints')
    expect(shown).toContain('`bizible2__Bizible_Touchpoint__c` or `bizible2__Bizible_Attribution_Touchpoint__c`')
    expect(shown).toContain('about 7; the budget has room for 11,988 now')
    expect(shown).toContain('`tp_1`, `tp_2`, `&lt;!channel&gt;`')
    expect(Object.keys(buttons(card))).toEqual(['Push now', 'Details'])
    expect(checkBlocks(card.blocks, 'message')).toEqual([])
    expect(shown.length).toBeLessThan(2500)
  })

  test('a preview without numbers of the CRM claims none', () => {
    const preview = { ...PREVIEW, requestsLeft: null }
    const card = catchUpCard(aCard({ connection, holds: [ASK], preview }), aReauthorizedOutage(), aCatchUp())
    expect(visible(card)).toContain('about 7')
    expect(visible(card)).not.toContain('budget')
  })

  test('several reasons are all told', () => {
    const card = running(aHold(), BUDGET)
    expect(visible(card)).toContain('*On hold* by')
    expect(visible(card)).toContain('Pushing waits until')
    expect(Object.keys(buttons(card))).toEqual(['Push on', 'Details'])
    expect(Object.keys(buttons(running(aHold(), ASK)))).toEqual(['Push now', 'Push on', 'Details'])
    expect(checkBlocks(card.blocks, 'message')).toEqual([])
  })

  test('down again: that comes first, and nothing is promised', () => {
    const down = aConnection({ health: { status: 'authorization_required' } })
    const card = catchUpCard(aCard({ connection: down, holds: [aHold()] }), aReauthorizedOutage(), aCatchUp())
    expect(visible(card)).toContain('the connection is down again')
    expect(Object.keys(buttons(card))).toEqual(['Push on', 'Details'])
  })

  test('over, or withdrawn, and still held: the button stays', () => {
    const done = doneCard(aCard({ connection, holds: [aHold(), BUDGET] }), aReauthorizedOutage(), aFinishedCatchUp())
    expect(visible(done)).toContain('*On hold* by')
    expect(visible(done)).not.toContain('Pushing waits until')
    expect(Object.keys(buttons(done))).toEqual(['Push on', 'Details'])
    const closed = anOutage({ closedAt: at('12:12'), closedHow: 'withdrawn' })
    const withdrawn = withdrawnCard(aCard({ connection, holds: [ASK], preview: PREVIEW }), closed, aCatchUp())
    expect(visible(withdrawn)).toContain('until somebody presses Push now')
    expect(visible(withdrawn)).toContain('about 7')
    expect(Object.keys(buttons(withdrawn))).toEqual(['Push now', 'Details'])
  })
})

test('the list says in a few words that an outbox is held; the details say why, with the buttons', () => {
  const listed = aListed({ holds: [aHold(), BUDGET], backlog: { waiting: 12, pushed: 0, superseded: 0, rejected: 0 } })
  const list = visible(connectionsList(...pageWith([listed], 0, at('12:15')), LOOK, at('12:15')))
  expect(list).toContain('pushing on hold by <@U0ANARUIZ>')
  expect(list).toContain(`pushing waits until ${UNTIL}`)
  const details = connectionDetails(listed, known(), LOOK, at('12:12'))
  expect(visible(details)).toContain('Nothing is pushed until somebody presses *Push on*')
  expect(Object.keys(buttons(details))).toEqual(['Push on', 'Settings'])
})

describe('the answer to Hold pushing, Push on and Push now', () => {
  const done = (...holds: Hold[]): PushingChanged => ({ kind: 'done', connection, holds })
  const already: PushingChanged = { kind: 'already', connection, by: 'U0BENOKAFOR', at: at('12:14') }

  test.each([
    ['pause', done(aHold()), 'is on hold: what is under way ends'],
    ['resume', done(), 'goes on now'],
    ['push_now', done(), 'goes on now'],
    ['resume', done(BUDGET), 'nothing is pushed yet: :hourglass_flowing_sand: pushing waits until'],
    ['push_now', done(aHold()), 'nothing is pushed yet: :raised_hand: pushing on hold by <@U0ANARUIZ>'],
    ['pause', already, 'was already put on hold by <@U0BENOKAFOR> <!date'],
    ['resume', already, 'was already released by <@U0BENOKAFOR> <!date'],
    ['push_now', { ...already, by: null, at: null }, 'was already released.'],
    ['pause', { kind: 'nothing_waits', connection }, 'There is nothing to hold'],
    ['pause', { kind: 'gone' }, 'does not exist any more'],
    ['pause', { kind: 'not_allowed', reason: 'not_owner' }, 'the owner of the connection or a workspace admin'],
    ['pause', { kind: 'not_allowed', reason: 'guest' }, 'Guests can’t use Redkey'],
  ] as const)('%s: %#', (what, outcome, words) => {
    expect(pushingReply(what, outcome).text).toContain(words)
  })
})
