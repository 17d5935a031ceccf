import { expect, test } from 'vitest'
import type { AuditEntry } from '../../src/domain/connections/audit-entry.ts'
import type { HistoryPage } from '../../src/domain/connections/history.ts'
import { historyReply } from '../../src/messages/history-reply.ts'
import { inviteReply, withdrawnReply } from '../../src/messages/invite-reply.ts'
import { checkBlocks } from '../../src/sandbox/slack/blocks.ts'
import { anAuditEntry } from '../support/builders.ts'
import { aConnection, at, buttons, LOOK, visible } from './a-card.ts'

const EVIL = `<!channel> <@U0EVIL> *b* :skull: \u202E ${'<&>'.repeat(60)}`

function aPage(entries: readonly AuditEntry[], over: Partial<Extract<HistoryPage, { kind: 'found' }>> = {}): HistoryPage {
  return { kind: 'found', connection: aConnection(), entries, olderAfter: null, isNewest: true, ...over }
}

test('tells who did what and when, in words', () => {
  const entries = [
    anAuditEntry({ action: 'reauthorized_by_invitation', actor: null, detail: 'jo@agency.example' }),
    anAuditEntry({ action: 'invited', actor: 'U0ANARUIZ' }),
    anAuditEntry({ action: 'pushing_paused', actor: 'U0BEN' }),
    anAuditEntry({ action: 'authorization_lost', actor: null, detail: 'revoked' }),
    anAuditEntry({ action: 'added', actor: 'U0ANARUIZ', detail: 'redkey@acme.com' }),
  ]
  const shown = visible(historyReply(aPage(entries), 'salesforce', LOOK))
  expect(shown).toContain('reauthorized by invitation (jo@agency.example)')
  expect(shown).toContain('somebody outside the workspace was invited to log in by <@U0ANARUIZ>')
  expect(shown).toContain('pushing put on hold by <@U0BEN>')
  expect(shown).toMatch(/lost its authorization \(access was revoked\)[\s\S]*added by <@U0ANARUIZ> \(redkey@acme\.com\)/)
})

test.each([
  [
    'snoozed',
    'until 2026-11-30 03:06 UTC',
    'reminders snoozed (until <!date^1796007960^{date_short_pretty} {time}|30 Nov 2026, 03:06 UTC>)',
  ],
  ['authorization_lost', 'scope_missing', 'lost its authorization (a permission of the login is missing)'],
  ['authorization_lost', 'expired', 'lost its authorization (the login has expired)'],
  ['authorization_lost', 'invalid_grant', 'lost its authorization (the login is refused)'],
  ['permission_lost', 'role_missing', 'lost a right (the user lacks a right)'],
  ['permission_lost', 'FORBIDDEN', 'lost a right (a right is missing)'],
  ['misconfigured', 'invalid_client', 'met a set-up problem (code `invalid_client`, for whoever runs Redkey)'],
  ['misconfigured', '', 'met a set-up problem'],
  ['rejects_retried', '20 × REQUIRED_FIELD_MISSING', 'tried again (20 that were refused with the code `REQUIRED_FIELD_MISSING`)'],
  ['rejects_dismissed', 'REQUIRED_FIELD_MISSING', 'dismissed (those that were refused with the code `REQUIRED_FIELD_MISSING`)'],
  ['rejects_retried', '20', 'rejected touchpoints tried again (20)'],
] as const)('no code stands alone: %s (%s)', (action, detail, words) => {
  const shown = visible(historyReply(aPage([anAuditEntry({ action, actor: null, detail })]), 'salesforce', LOOK))
  expect(shown).toContain(words)
})

test('a full page of the longest entries is accepted by Slack, and no text from outside does anything', () => {
  const entries = Array.from({ length: 20 }, () => anAuditEntry({ actor: `U0${'A'.repeat(9)}`, action: 'invited', detail: EVIL }))
  const reply = historyReply(aPage(entries, { olderAfter: 'entry_20', isNewest: false }), 'x', LOOK)
  expect(checkBlocks(reply.blocks, 'message')).toEqual([])
  expect(visible(reply)).not.toMatch(/<!channel|<@U0EVIL|:skull:|\u202E/)
  expect(visible(reply).match(/•/g)).toHaveLength(20)
})

test('older entries are a button away, and so is the way back', () => {
  const first = buttons(historyReply(aPage([anAuditEntry()], { olderAfter: 'entry_20' }), 'x', LOOK))
  expect(Object.keys(first)).toEqual(['Older ›'])
  expect(first['Older ›']).toMatchObject({ value: `${aConnection().id} entry_20` })
  const last = buttons(historyReply(aPage([anAuditEntry()], { isNewest: false }), 'x', LOOK))
  expect(last['‹ Newest']).toMatchObject({ value: `${aConnection().id} ` })
  expect(last['Older ›']).toBeUndefined()
  expect(visible(historyReply(aPage([], { isNewest: false }), 'x', LOOK))).toContain('Nothing older')
})

test('an invitation is a link to copy, with what it can do and how it is withdrawn', () => {
  const connection = aConnection({ name: EVIL.slice(0, 60), accountName: EVIL })
  const url = `https://redkey.example/invite/${'e'.repeat(340)}`
  const reply = inviteReply(
    { kind: 'invited', url, connection, providerLabel: 'Salesforce', expiresAt: at('12:00') },
    'salesforce',
    LOOK,
  )
  expect(checkBlocks(reply.blocks, 'message')).toEqual([])
  expect(buttons(reply)).toEqual({})
  expect(visible(reply)).toContain(url)
  expect(visible(reply)).toMatch(/nothing else[\s\S]*one login, until[\s\S]*off/)
  expect(visible(reply)).not.toMatch(/<!channel|<@U0EVIL|:skull:/)
})

test.each([
  [0, 'There is no invitation'],
  [1, 'Withdrawn: 1 invitation'],
  [3, 'Withdrawn: 3 invitations'],
])('withdrawing %i invitations says so', (count, words) => {
  expect(withdrawnReply({ kind: 'withdrawn', connection: aConnection(), count }, 'x', LOOK).text).toContain(words)
})

test.each(['guest', 'not_owner', 'not_in_redkey_admins'] as const)('who may not invite is told whom to ask: %s', (reason) => {
  for (const reply of [inviteReply, withdrawnReply])
    expect(reply({ kind: 'not_allowed', reason }, 'x', LOOK).text).toMatch(/[Pp]lease ask/)
})
