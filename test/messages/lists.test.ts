import { describe, expect, test } from 'vitest'
import { connectionDetails } from '../../src/messages/connection-details.ts'
import { connectionsList } from '../../src/messages/connections-list.ts'
import { homeView } from '../../src/messages/home-view.ts'
import { checkBlocks, checkView } from '../../src/sandbox/slack/blocks.ts'
import { aCatchUp, aConnection, aListed, anOutage, aRedListed, at, buttons, known, LOOK, pageWith, visible } from './a-card.ts'

const NOW = at('12:00')
const many = (n: number) =>
  Array.from({ length: n }, (_, index) => aListed({ connection: aConnection({ name: `crm-${index + 1}` }) }))
const names = (page: number, n: number) =>
  visible(connectionsList(...pageWith(many(n), page, NOW), LOOK, NOW)).match(/\*crm-\d+\*/g) ?? []

describe('the list', () => {
  test('shows status in words, last proof and backlog, and the red key on the red one', () => {
    const list = connectionsList(
      ...pageWith([aRedListed(), aListed({ connection: aConnection({ name: 'hubspot' }) })], 0, NOW),
      LOOK,
      NOW,
    )
    const shown = visible(list)
    expect(shown).toContain('1 of 2 connections needs authorization.')
    expect(shown).toMatch(
      /:red_circle: :key: \*salesforce\* · Salesforce · Acme Corp\n\*Authorization Required\* since <!date.*1,284 waiting · 3 rejected/,
    )
    expect(shown).toMatch(
      /:white_check_mark: \*hubspot\* · Salesforce · Acme Corp\nConnected · last worked <!date.*> · 0 waiting/,
    )
    expect(shown.match(/:key:/g)).toHaveLength(1)
    expect(list.text).toContain('salesforce (Salesforce, Acme Corp): Authorization Required since')
  })

  test('has Reauthorize, opening the login, on the red ones only', () => {
    expect(buttons(connectionsList(...pageWith([aRedListed()], 0, NOW), LOOK, NOW)).Reauthorize).toMatchObject({
      url: 'https://redkey.example/reauthorize/mine',
      value: 'out_1 salesforce',
    })
    expect(Object.keys(buttons(connectionsList(...pageWith(many(2), 0, NOW), LOOK, NOW)))).toEqual(['Details'])
  })

  test('offers Start pushing on a CRM that nobody has confirmed', () => {
    const list = connectionsList(...pageWith([aListed({ connection: aConnection({ confirmedAt: null }) })], 0, NOW), LOOK, NOW)
    expect(visible(list)).toContain('nothing is pushed until somebody presses Start pushing')
    expect(buttons(list)['Start pushing']).toMatchObject({ action_id: 'confirm_connection', value: 'con_1' })
  })

  test('shows a catch-up, an unreachable provider and a login that ends soon', () => {
    const connection = aConnection({ health: { unreachableSince: at('11:00') } })
    const listed = aListed({ connection, catchUp: aCatchUp(), refreshExpiresAt: new Date('2026-12-01T00:00:00Z') })
    const shown = visible(connectionsList(...pageWith([listed], 0, NOW), LOOK, NOW))
    expect(shown).toContain(':large_yellow_circle: *salesforce*')
    expect(shown).toContain('No answer since')
    expect(shown).toContain('catching up 640 / 1,284')
    expect(shown).toContain('expires in 8 days')
    const far = aListed({ refreshExpiresAt: new Date('2027-06-01T00:00:00Z') })
    expect(visible(connectionsList(...pageWith([far], 0, NOW), LOOK, NOW))).not.toContain('expires')
  })

  test('has pages above 15 and none up to there', () => {
    expect(names(0, 15)).toHaveLength(15)
    expect(Object.keys(buttons(connectionsList(...pageWith(many(15), 0, NOW), LOOK, NOW)))).not.toContain('Next ›')
    expect(names(0, 31)).toHaveLength(15)
    expect(names(2, 31)).toEqual(['*crm-31*'])
    expect(buttons(connectionsList(...pageWith(many(31), 1, NOW), LOOK, NOW))).toMatchObject({
      '‹ Previous': { action_id: 'list_page_back', value: '0 all' },
      'Next ›': { action_id: 'list_page', value: '2 all' },
    })
  })

  test.each([
    [99, '*crm-31*'],
    [-3, '*crm-1*'],
  ])('a page that does not exist (%d) is the nearest one', (page, first) => {
    expect(names(page, 31)[0]).toBe(first)
  })

  test('says how to begin when there is nothing', () => {
    const list = connectionsList(...pageWith([], 0, NOW), LOOK, NOW)
    expect(visible(list)).toContain('Type `/connections add` to connect the first one.')
    expect(list.text).toContain('/connections add')
  })

  test('is accepted by Slack when it is full, also in the Home tab', () => {
    const full = Array.from({ length: 40 }, (_, index) => aRedListed(`${'n'.repeat(70)}${index}`))
    expect(checkBlocks(connectionsList(...pageWith(full, 1, NOW), LOOK, NOW).blocks, 'message')).toEqual([])
    expect(checkView(structuredClone(homeView(...pageWith(full, 1, NOW), LOOK, NOW)) as never)).toEqual([])
    expect(visible(connectionsList(...pageWith(full, 1, NOW), LOOK, NOW)).length).toBeLessThan(10_000)
  })
})

describe('the details', () => {
  test('tell why a red one is red and what to do, with the button', () => {
    const details = connectionDetails(aRedListed(), known(), LOOK, NOW)
    expect(visible(details)).toContain(
      'Salesforce says that the access was revoked. Log in to Salesforce again to give the access back.',
    )
    expect(buttons(details)).toMatchObject({ Reauthorize: { url: 'https://redkey.example/reauthorize/mine' } })
    expect(details.text).toContain('Authorization Required')
  })

  test('tell account, login, owner, numbers and what happened lately', () => {
    const history = [
      { id: 'a', teamId: 'T', connectionId: 'con_1', actor: 'U0BENOKAFOR', action: 'reauthorized' as const, detail: '', at: NOW },
    ]
    const rejects = [{ code: 'X', message: 'No such <field>', field: 'F__c', count: 3 }]
    const listed = aListed({ backlog: { waiting: 5, pushed: 1200, superseded: 2, rejected: 3 } })
    const details = connectionDetails(listed, known({ history, rejects }), LOOK, NOW)
    const shown = visible(details)
    expect(shown).toContain('*5 waiting*, 1,200 pushed, 2 superseded, 3 rejected')
    expect(shown).toContain('Salesforce: Acme Corp')
    expect(shown).toContain('*Owner*\n<@U0ANARUIZ>')
    expect(shown).toContain('reauthorized by <@U0BENOKAFOR>')
    expect(shown).toContain('• 3 × No such &lt;field&gt; (field `F__c`, `X`)')
    expect(Object.keys(buttons(details))).toEqual(['Settings'])
    expect(checkBlocks(details.blocks, 'message')).toEqual([])
    expect(checkBlocks(details.blocks, 'modal')).toEqual([])
  })

  test.each([
    ['08:00', 'nobody was asked: who added it let it push', false],
    ['08:05', 'somebody was asked', true],
  ])('a CRM that pushes since %s: %s', (confirmedAt, _, isNamed) => {
    const listed = aListed({ connection: aConnection({ addedAt: at('08:00'), confirmedAt: at(confirmedAt) }) })
    const shown = visible(connectionDetails(listed, known(), LOOK, NOW))
    expect(shown).toContain('*Pushing*\nsince')
    expect(shown.includes('confirmed by')).toBe(isNamed)
  })

  test('say nothing of an outage that is over', () => {
    const closed = anOutage({ closedAt: NOW, closedHow: 'reauthorized' })
    expect(visible(connectionDetails(aListed({ outage: closed }), known(), LOOK, NOW))).not.toContain('revoked')
  })
})
