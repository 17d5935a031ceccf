import { describe, expect, test } from 'vitest'
import type { RejectsLink } from '../../src/domain/access/links.ts'
import type { ExplainedRejects } from '../../src/domain/outbox/read-rejects.ts'
import { reasonId } from '../../src/domain/outbox/reject.ts'
import type { Block, Button } from '../../src/messages/blocks.ts'
import { downloadReply, rejectsReply } from '../../src/messages/rejects-reply.ts'
import { report } from '../../src/messages/report.ts'
import { retryReply } from '../../src/messages/retry-reply.ts'
import { checkBlocks } from '../../src/sandbox/slack/blocks.ts'
import { aCard, aConnection, aFinishedCatchUp, aReauthorizedOutage, buttons, LOOK, visible } from './a-card.ts'

const connection = aConnection()
const LINK: RejectsLink = { kind: 'link', url: 'https://redkey.example/rejects/t', connection, expiresInMs: 3_600_000 }
const NASTY = '*<!channel>* <@U0ANARUIZ> <https://evil.example|click> `x` :fire: \u202e\n'

function aGroup(count: number, over: Partial<ExplainedRejects> = {}): ExplainedRejects {
  const reason = {
    code: 'REQUIRED_FIELD_MISSING',
    message: 'Required fields are missing: [Name]',
    field: 'Name',
    count,
    isExample: false,
    ...over,
  }
  return { examples: ['tp_1', 'tp_2'], ...reason, groupId: reasonId(reason) }
}

const found = (...groups: ExplainedRejects[]) => ({ kind: 'found' as const, connection, providerLabel: 'Salesforce', groups })
const listed = (...groups: ExplainedRejects[]) => rejectsReply(found(...groups), 'salesforce', LINK, LOOK)

/** The Retry these buttons, from top to bottom. */
function retries(blocks: readonly Block[]): Button[] {
  return blocks.flatMap((block) => (block.type === 'section' && block.accessory ? [block.accessory] : []))
}

describe('the answer to rejects', () => {
  test('tells each reason with its count, examples and Retry these, and where the file is', () => {
    const reply = listed(aGroup(340), aGroup(2, { code: 'TOO_LONG', message: 'Too long', field: null, examples: ['tp_9'] }))
    const shown = visible(reply)
    expect(shown).toContain('*Salesforce refused 342 touchpoints for 2 reasons.*')
    expect(shown).toContain('• 340 × Required fields are missing: [Name] (field `Name`, `REQUIRED_FIELD_MISSING`)')
    expect(shown).toContain('For example `tp_1`, `tp_2`')
    expect(shown).toContain('its link works for 1 h')
    expect(retries(reply.blocks)).toMatchObject([
      { action_id: 'retry_rejects', value: `con_1 ${aGroup(1).groupId}` },
      { action_id: 'retry_rejects', value: expect.not.stringContaining(aGroup(1).groupId) },
    ])
    expect(buttons(reply)['Download CSV']).toMatchObject({ url: 'https://redkey.example/rejects/t' })
    expect(reply.text).toContain('Salesforce refused 342 touchpoints for 2 reasons: Acme Corp (connection salesforce). • 340 ×')
  })

  test('asks back before more than a hundred are retried, and not before a hundred', () => {
    const [many, few] = retries(listed(aGroup(1340), aGroup(100, { code: 'X' })).blocks)
    expect(many?.confirm?.title.text).toBe('Retry 1,340 touchpoints?')
    expect(few).not.toHaveProperty('confirm')
  })

  test('has at most ten reasons, and counts the others', () => {
    const reply = listed(...Array.from({ length: 14 }, (_, n) => aGroup(20 - n, { code: `C${n}` })))
    expect(retries(reply.blocks)).toHaveLength(10)
    expect(visible(reply)).toContain('• 34 more for 4 other reasons\nThe file has them all.')
  })

  test('says that there is nothing, and has no file then', () => {
    const reply = rejectsReply(found(), 'salesforce', null, LOOK)
    expect(visible(reply)).toContain('Salesforce has refused nothing that is not settled')
    expect(buttons(reply)).toEqual({})
  })

  test('carries no link for whom none could be made', () => {
    const reply = rejectsReply(found(aGroup(1)), 'salesforce', null, LOOK)
    expect(buttons(reply)['Download CSV']).not.toHaveProperty('url')
    expect(visible(reply)).not.toContain('for you alone')
  })

  test('is accepted by Slack with the longest and worst that a CRM and its users can send', () => {
    const worst = Array.from({ length: 300 }, (_, n) =>
      aGroup(1e6 - n, {
        code: `${'&'.repeat(100)}${n}`,
        message: `${NASTY.repeat(300)}${'<'.repeat(9000)}`,
        field: '`'.repeat(2000),
        examples: Array.from({ length: 5 }, (_, m) => `${'&<>'.repeat(84)}${m}`),
      }),
    )
    const reply = listed(...worst)
    expect(checkBlocks(reply.blocks, 'message')).toEqual([])
    expect(visible(reply)).not.toMatch(/<!channel|<@U0ANARUIZ|<https:\/\/evil|:fire:|\u202e/)
    expect(visible(reply).length).toBeLessThan(20_000)
    expect(checkBlocks(listed(aGroup(1, { message: '', code: '', field: '', examples: [''] })).blocks, 'message')).toEqual([])
  })
})

describe('the report', () => {
  const reported = (...rejects: ExplainedRejects[]) =>
    report(aCard({ connection, rejects }), aReauthorizedOutage(), aFinishedCatchUp())

  test('has Retry these for each of its reasons, and the file without a link', () => {
    const card = reported(aGroup(2), aGroup(101, { code: 'TOO_LONG' }))
    expect(retries(card.blocks).map(({ confirm }) => confirm?.title.text)).toEqual(['Retry 101 touchpoints?', undefined])
    expect(buttons(card)['Download CSV']).toEqual({
      type: 'button',
      text: { type: 'plain_text', text: 'Download CSV', emoji: true },
      action_id: 'download_rejects',
      value: 'con_1',
    })
    expect(checkBlocks(card.blocks, 'message')).toEqual([])
  })

  test('has neither when nothing was rejected', () => {
    const card = report(aCard({ connection, rejects: [aGroup(3)] }), null, aFinishedCatchUp({ pushed: 1282, rejected: 0 }))
    expect(Object.keys(buttons(card))).toEqual(['Details'])
    expect(Object.keys(buttons(report(aCard({ connection }), null, aFinishedCatchUp())))).toEqual(['Details'])
  })

  test('stays short with the worst data, and is accepted by Slack', () => {
    const worst = Array.from({ length: 50 }, (_, n) =>
      aGroup(900 - n, { message: NASTY.repeat(99), code: `${'<'.repeat(90)}${n}` }),
    )
    const card = reported(...worst)
    expect(checkBlocks(card.blocks, 'message')).toEqual([])
    expect(visible(card).length).toBeLessThan(2_500)
    expect(retries(card.blocks)).toHaveLength(5)
  })
})

describe('the answer to Retry these', () => {
  test.each([
    [connection, 'They are pushed now.'],
    [aConnection({ health: { status: 'authorization_required' } }), 'once the connection works again'],
    [aConnection({ health: { status: 'paused' } }), 'once somebody resumes the connection'],
    [aConnection({ confirmedAt: null }), 'once somebody presses Start pushing'],
  ])('tells when they are pushed (%#)', (one, words) => {
    const { text } = retryReply({ kind: 'retried', connection: one, count: 1340, isHeld: false }, LOOK)
    expect(text).toContain('1,340 touchpoints wait again')
    expect(text).toContain(words)
    expect(text).toContain('comes back to `/connections rejects salesforce`.')
  })

  test.each([
    [{ kind: 'none' as const, connection }, 'Nothing is rejected for that reason any more.'],
    [{ kind: 'gone' as const }, 'does not exist any more'],
    [{ kind: 'not_allowed' as const, reason: 'guest' as const }, 'Guests can’t use Redkey'],
  ])('says why nothing happened (%#)', (outcome, words) => {
    expect(retryReply(outcome, LOOK).text).toContain(words)
  })
})

test('the answer to Download CSV has the personal link, or says why there is none', () => {
  expect(buttons(downloadReply(LINK))['Download CSV']).toMatchObject({ url: 'https://redkey.example/rejects/t' })
  expect(visible(downloadReply(LINK))).toContain('for you alone; its link works for 1 h')
  expect(downloadReply({ kind: 'gone' }).text).toContain('does not exist any more')
  expect(downloadReply({ kind: 'not_allowed', reason: 'guest' }).text).toContain('Guests')
})
