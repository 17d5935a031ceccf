import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SettingsForm } from '../../src/domain/connections/change-settings.ts'
import type { RemovalForm } from '../../src/domain/connections/remove-connection.ts'
import { addForm, connectOpenedWindow, connectWindow } from '../../src/messages/add-form.ts'
import type { Block } from '../../src/messages/blocks.ts'
import { connectionDetails } from '../../src/messages/connection-details.ts'
import { connectionRemoved } from '../../src/messages/connection-removed.ts'
import { connectionsList } from '../../src/messages/connections-list.ts'
import type { RenderedForm } from '../../src/messages/form.ts'
import { help } from '../../src/messages/help.ts'
import { homeView } from '../../src/messages/home-view.ts'
import { pauseReply } from '../../src/messages/pause-reply.ts'
import { pausedCard } from '../../src/messages/paused-card.ts'
import { pickSettings } from '../../src/messages/pick-settings.ts'
import { removedWindow, removeForm } from '../../src/messages/remove-form.ts'
import { renameReply } from '../../src/messages/rename-reply.ts'
import { readSettingsFormValue, settingsForm, settingsSaved } from '../../src/messages/settings-form.ts'
import { checkBlocks, checkView, isTextTooLong } from '../../src/sandbox/slack/blocks.ts'
import { aCard, aCatchUp, aConnection, aListed, anOutage, at, known, LOOK, pageWith } from './a-card.ts'

const NOW = at('12:00')
/** What people, CRMs and programs could come up with; each is seen to do harm when it is not escaped or capped. */
const evil = fc.oneof(
  fc.constantFrom(
    '<!channel>',
    '<@U0ANARUIZ>',
    '*bold*',
    ':fire:',
    '`code`',
    '\u202eevil',
    '👩‍👩‍👧‍👦'.repeat(9),
    'א'.repeat(40),
    '',
  ),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.string({ minLength: 40, maxLength: 40 }),
)
const name = fc.stringMatching(/^[a-z0-9]{1,10}(-[a-z0-9]{1,9}){0,3}$/)
const status = fc.constantFrom('connected', 'authorization_required', 'permission_required', 'misconfigured', 'paused')

const connection = fc.record({ name, account: evil, explanation: evil, status, isAds: fc.boolean() }).map((some) =>
  aConnection({
    name: some.name,
    accountName: some.account,
    accountId: some.account,
    kind: some.isAds ? 'ads' : 'crm',
    ownerId: 'U0ANARUIZ',
    deputyId: 'U0BENOKAFOR',
    pausedBy: 'U0ANARUIZ',
    health: { status: some.status as 'connected', explanation: some.explanation, cause: some.explanation },
  }),
)

const mapping = fc.record({ object: evil, count: fc.integer({ min: 0, max: 500 }) }).map(({ object, count }) => {
  const fields = Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, `${object}${n}`]))
  const target = { object, externalIdField: object, fields, custom: [object] }
  return { touchpoints: target, attribution: target }
})

const settings: fc.Arbitrary<SettingsForm> = fc.record<SettingsForm>({
  connection,
  label: fc.constantFrom('Salesforce', 'Campaign Manager 360'),
  mapping: fc.option(mapping),
  usualCatchUp: fc.constantFrom('auto' as const, 'ask' as const),
  isTagging: fc.option(fc.boolean()),
  apiUrl: fc.constant('https://redkey.example/openapi.json'),
})

const removal: fc.Arbitrary<RemovalForm> = fc.record({
  connection,
  label: fc.constant('Microsoft Advertising'),
  waiting: fc.nat(10_000_000),
  rejected: fc.nat(10_000_000),
  exportUrl: fc.option(fc.constant(`https://redkey.example/export/${'x'.repeat(900)}`)),
})

function fitsView(view: RenderedForm): void {
  expect(checkView(structuredClone(view) as never)).toEqual([])
  mentionsNobodyElse(view.blocks)
}

function fitsMessage(blocks: readonly Block[]): void {
  expect(checkBlocks(blocks, 'message')).toEqual([])
  expect(checkBlocks(blocks, 'modal')).toEqual([])
  expect(isTextTooLong(structuredClone(blocks) as never)).toBe(false)
  mentionsNobodyElse(blocks)
}

/** Nobody but those whom we name; nothing that pings a channel, and nothing that turns the text around. */
function mentionsNobodyElse(blocks: readonly unknown[]): void {
  const shown = mrkdwnOf(blocks).join('\n')
  for (const [, id] of shown.matchAll(/<@(\w+)>/g)) expect(['U0ANARUIZ', 'U0BENOKAFOR']).toContain(id)
  expect(shown).not.toMatch(/<!(channel|here|everyone|subteam)/)
  expect(shown).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/)
}

/** Plain text mentions nobody, whatever it is. */
function mrkdwnOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(mrkdwnOf)
  if (typeof value !== 'object' || value === null) return []
  if ('type' in value && value.type === 'mrkdwn' && 'text' in value) return [String(value.text)]
  return Object.values(value).flatMap(mrkdwnOf)
}

describe('whatever is in it, Slack takes', () => {
  test('the form of settings, shown anew as well, and what is said when it is saved', () => {
    fc.assert(
      fc.property(settings, fc.nat(99), fc.boolean(), (shown, round, isOutdated) => {
        const view = settingsForm(shown, round, isOutdated)
        fitsView(view)
        expect(readSettingsFormValue(view.private_metadata)?.connectionId).toBe('con_1')
        fitsView(settingsSaved(shown))
      }),
    )
  })

  test('the question before a removal, and what is said after it', () => {
    fc.assert(
      fc.property(removal, fc.boolean(), (asked, isNews) => {
        fitsView(removeForm(asked, isNews))
        fitsView(removedWindow({ kind: 'removed', connection: asked.connection, label: asked.label }))
      }),
    )
  })

  test('the form of Add with very many clients, and its last step', () => {
    fc.assert(
      fc.property(fc.array(fc.uuid(), { minLength: 1, maxLength: 130 }), evil, (clients, label) => {
        const offers = [...new Set(clients)].map((client) => ({ name: 'salesforce', label: 'Salesforce', client }))
        fitsView(addForm({ offers, channelId: 'C1', ownerId: 'U0ANARUIZ', chosen: null, suggested: 'salesforce-2', round: 4 }))
        const url = `https://redkey.example/connect/${'x'.repeat(1500)}`
        const providerLabel = `Salesforce ${label.slice(0, 40)}`
        fitsView(connectWindow({ providerLabel, typed: `salesforce ${label.slice(0, 40)}`, url, expiresInMs: 600_000 }))
        fitsView(connectOpenedWindow(providerLabel, LOOK))
      }),
    )
  })

  test('whom the forms let somebody choose as owner or deputy is said before it is refused', () => {
    const offers = [{ name: 'salesforce', label: 'Salesforce', client: null }]
    const add = addForm({ offers, channelId: null, ownerId: null, chosen: null, suggested: '', round: 0 })
    const change = settingsForm({
      connection: aConnection(),
      label: 'Salesforce',
      mapping: null,
      usualCatchUp: 'auto',
      isTagging: null,
      apiUrl: 'https://redkey.example/openapi.json',
    })
    const pickers = [add, change]
      .flatMap(({ blocks }) => blocks)
      .filter((block) => block.type === 'input' && block.element.type === 'users_select')
    expect(pickers).toHaveLength(3)
    for (const picker of pickers)
      expect(picker).toMatchObject({ hint: { text: expect.stringContaining('Full members only, no guests.') } })
  })

  test('lists, the Home tab, details and the choice of settings', () => {
    fc.assert(
      fc.property(fc.array(connection, { minLength: 1, maxLength: 40 }), fc.nat(3), (connections, page) => {
        const all = connections.map((one, n) =>
          aListed({
            connection: { ...one, id: `con_${n}` },
            outage: anOutage({ explanation: one.accountName }),
            catchUp: aCatchUp(),
          }),
        )
        const [shown, listed] = pageWith(all, page, NOW)
        const list = connectionsList(shown, listed, LOOK, NOW)
        expect(checkBlocks(list.blocks, 'message')).toEqual([])
        expect(isTextTooLong(structuredClone(list.blocks) as never)).toBe(false)
        mentionsNobodyElse(list.blocks)
        const home = homeView(shown, listed, LOOK, NOW)
        expect(checkView(structuredClone(home) as never)).toEqual([])
        fitsMessage(
          pickSettings(
            all.map(({ overview }) => overview),
            LOOK,
          ).blocks,
        )
        const [first] = all
        if (first) fitsMessage(connectionDetails(first, known(), LOOK, NOW).blocks)
      }),
      { numRuns: 40 },
    )
  })

  test('answers, the paused card and what is said of a removal', () => {
    fc.assert(
      fc.property(connection, evil, name, (one, text, wanted) => {
        fitsMessage(pauseReply({ kind: 'paused', connection: one, waiting: 12_345 }, 'pause', LOOK).blocks)
        const verdict = { kind: 'transient' as const, code: 'X', explanation: text, retryAfterMs: null }
        const checked = { connection: one, observed: verdict }
        fitsMessage(pauseReply({ kind: 'resumed', connection: one, checked }, 'resume', LOOK).blocks)
        fitsMessage(renameReply({ kind: 'renamed', connection: one, before: wanted }, wanted, LOOK).blocks)
        const problem = { kind: 'no_slug' as const, suggestion: wanted }
        fitsMessage(renameReply({ kind: 'refused', connection: one, problem }, text, LOOK).blocks)
        fitsMessage(pausedCard(aCard({ connection: one }), anOutage({ explanation: text })).blocks)
        const removed = {
          name: wanted,
          account: text,
          provider: 'Salesforce',
          by: 'U0ANARUIZ',
          waiting: 3,
          rejected: 4,
          channelId: null,
        }
        for (const isCard of [true, false])
          fitsMessage(connectionRemoved({ kind: 'connection_removed', ...removed, isCard }).blocks)
      }),
    )
  })

  test('the help', () => {
    fitsMessage(help(LOOK).blocks)
    expect(JSON.stringify(help(LOOK))).toContain('not inside threads')
  })
})
