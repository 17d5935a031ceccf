import { expect, test } from 'vitest'
import type { Verdict } from '../../src/domain/provider.ts'
import { addReply, connectChoices } from '../../src/messages/add-reply.ts'
import { checkReply } from '../../src/messages/check-reply.ts'
import { confirmReply } from '../../src/messages/confirm-reply.ts'
import { help } from '../../src/messages/help.ts'
import { lookOf } from '../../src/messages/look.ts'
import { nothingToDo, problem } from '../../src/messages/problem.ts'
import { reauthorizeReply } from '../../src/messages/reauthorize-reply.ts'
import { refused } from '../../src/messages/refused.ts'
import { unknownCommand, unknownConnection } from '../../src/messages/unknown-command.ts'
import { checkBlocks } from '../../src/sandbox/slack/blocks.ts'
import { aConnection, at, buttons, LOOK, visible } from './a-card.ts'

const LINK = {
  kind: 'link' as const,
  url: 'https://redkey.example/connect/t',
  providerLabel: 'Salesforce',
  typed: 'salesforce',
  expiresInMs: 600_000,
}

test('add answers with a Connect button and how long it lives', () => {
  const reply = addReply(LINK, 'salesforce', LOOK)
  expect(buttons(reply).Connect).toMatchObject({ url: LINK.url, action_id: 'connect' })
  expect(visible(reply)).toContain('For you alone, once, within 10 min.')
})

test('add names what can be connected, and what was probably meant', () => {
  const reply = addReply(
    { kind: 'unknown_provider', nearest: 'salesforce', offered: [{ name: 'salesforce', label: 'Salesforce', client: null }] },
    'salesfroce',
    LOOK,
  )
  expect(reply.text).toContain(
    "I can't connect `salesfroce`. Did you mean `/connections add salesforce`? I can connect Salesforce (`salesforce`).",
  )
})

test('add without a configured provider sends the person to the operator', () => {
  expect(connectChoices([]).text).toContain('Whoever runs Redkey')
  expect(addReply({ kind: 'unknown_provider', nearest: null, offered: [] }, 'x', LOOK).text).toContain('Whoever runs Redkey')
})

test.each(['guest', 'other_company', 'deactivated', 'not_in_redkey_admins', 'unknown_person'] as const)(
  'says politely why %s may not',
  (reason) => {
    expect(refused(reason).text).toMatch(/[Pp]lease|deactivated/)
  },
)

test('reauthorize gives a personal link, or asks which connection', () => {
  const link = reauthorizeReply(
    { kind: 'link', url: 'https://redkey.example/r/t', connection: aConnection(), outageId: null, expiresInMs: 3_600_000 },
    'salesforce',
    LOOK,
  )
  expect(buttons(link).Reauthorize).toMatchObject({ url: 'https://redkey.example/r/t' })
  expect(visible(link)).toContain('The link works for 1 h.')
  expect(reauthorizeReply({ kind: 'unknown', nearest: 'salesforce' }, 'salesforc', LOOK).text).toBe(
    'There is no connection `salesforc`. Did you mean `/connections reauthorize salesforce`? `/connections` lists all of them.',
  )
  expect(unknownConnection('', null, 'reauthorize', LOOK).text).toContain('`/connections reauthorize &lt;name&gt;`')
})

test('an unknown word is repeated safely, with the nearest command', () => {
  const reply = unknownCommand('<!channel> chek', 'check', LOOK)
  expect(reply.text).toContain('`&lt;!channel&gt; chek`')
  expect(reply.text).toContain('Did you mean `/connections check`?')
})

test('help knows the command’s own name', () => {
  expect(visible(help(lookOf(null, '/links')))).toContain('`/links add [provider]`')
  expect(visible(help(lookOf(null, '/links')))).not.toContain('/connections')
})

test('a problem says what to do and how to find it in the log', () => {
  const reply = problem('I could not do that.', 'Please try again.', 'ref_1')
  expect(reply.text).toBe('I could not do that. Please try again. (reference ref_1)')
  expect(visible(reply)).toContain('`ref_1`')
  expect(nothingToDo('/connections').text).toContain('`/connections`')
})

test('Start pushing says what became of it', () => {
  const connection = aConnection()
  expect(confirmReply({ kind: 'confirmed', connection }).text).toContain('Pushing to *Acme Corp*')
  expect(confirmReply({ kind: 'already', connection }).text).toContain('was confirmed already by <@U0ANARUIZ> <!date^')
  expect(confirmReply({ kind: 'not_allowed', connection }).text).toContain('takes a workspace admin')
  expect(confirmReply({ kind: 'gone' }).text).toContain('does not exist')
})

const REFUSED: Verdict = {
  kind: 'authorization_required',
  cause: 'revoked',
  certain: false,
  code: 'x',
  explanation: 'Salesforce <refused>.',
}

test('check tells each result, and that one doubt is not an alarm', () => {
  const red = aConnection({ health: { status: 'authorization_required', since: at('09:12') } })
  const reply = checkReply(
    {
      kind: 'checked',
      results: [
        { connection: aConnection({ name: 'good' }), observed: 'works' },
        { connection: aConnection({ name: 'doubt' }), observed: REFUSED },
        { connection: red, observed: REFUSED },
      ],
    },
    '',
    LOOK,
  )
  const shown = visible(reply)
  expect(shown).toContain('Checked 3 connections: 2 with a problem.')
  expect(shown).toMatch(/:white_check_mark: .*`good` works\./)
  expect(shown).toMatch(/:large_yellow_circle: .*`doubt`: Salesforce &lt;refused&gt;\. I check once more/)
  expect(shown).toMatch(/:red_circle: :key: .*`salesforce`: Salesforce &lt;refused&gt;\.$/m)
})

test('check of very many connections is still a message', () => {
  const results = Array.from({ length: 120 }, () => ({
    connection: aConnection({ name: 'n'.repeat(80), accountName: 'a'.repeat(80) }),
    observed: REFUSED,
  }))
  const reply = checkReply({ kind: 'checked', results }, '', LOOK)
  expect(checkBlocks(reply.blocks, 'message')).toEqual([])
  expect(visible(reply)).toContain('and 100 more')
  expect(visible(reply).length).toBeLessThan(10_000)
})

test('check with nothing to check, or a wrong name, says what to type', () => {
  expect(checkReply({ kind: 'checked', results: [] }, '', LOOK).text).toContain('/connections add')
  expect(checkReply({ kind: 'unknown', nearest: 'good' }, 'god', LOOK).text).toContain('Did you mean `/connections check good`?')
})
