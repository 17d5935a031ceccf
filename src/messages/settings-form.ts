import type { SettingsForm } from '../domain/connections/change-settings.ts'
import { type CatchUpMode, type Connection, REMINDER_MODES, type ReminderMode } from '../domain/connections/connection.ts'
import { LONGEST_NAME } from '../domain/connections/connection-name.ts'
import { type ConnectionSettings, settingsOf } from '../domain/connections/settings-store.ts'
import type { Mapping } from '../domain/crm.ts'
import { PAUSE_ACTION, REMOVE_ACTION, RESUME_ACTION, SAID_VIEW, SETTINGS_VIEW, TAGGING_ACTION } from './action-ids.ts'
import { actions, type Block, button, divider, section, sectionWith } from './blocks.ts'
import { accountLine } from './connection-words.ts'
import { channelField, form, type InputBlock, personField, type RenderedForm, radioField, textField } from './form.ts'
import { code, link, mention } from './mrkdwn.ts'
import { plural } from './words.ts'

export type SettingsField = keyof ConnectionSettings

/** What the form carries along: what it shows, so that a save which would undo somebody else's is noticed. */
export interface SettingsFormValue {
  readonly connectionId: string
  readonly shown: ConnectionSettings
  /**
   * Slack keeps what was typed in a block of the same id (https://docs.slack.dev/reference/views/modal-views, read 2026-11-30): shown
   * anew, a form has others.
   */
  readonly round: number
}

/** Block id of a field. */
export function settingsBlock(field: SettingsField, round: number): string {
  return `${field}.${round}`
}

export function readSettingsFormValue(metadata: string): SettingsFormValue | undefined {
  try {
    return JSON.parse(metadata) as SettingsFormValue // ours: Slack shows it to nobody
  } catch {
    return undefined
  }
}

/** Everything that people set about one connection. `outdated`: somebody else has saved it meanwhile. */
export function settingsForm(shown: SettingsForm, round = 0, isOutdated = false): RenderedForm {
  const { connection, label } = shown
  const { name, channelId, ownerId, deputyId } = connection
  const value: SettingsFormValue = { connectionId: connection.id, shown: settingsOf(connection), round }
  const block = (field: SettingsField) => settingsBlock(field, round)
  return form(SETTINGS_VIEW, 'Settings', JSON.stringify(value), [
    ...(isOutdated ? [section(':warning: *Somebody else has saved these settings meanwhile.* This is how they are now.')] : []),
    section(`*${label}*`, accountLine(connection)),
    textField(block('name'), 'Name', name, {
      hint: 'What people type. Small letters, digits and hyphens; programs may go on using the old name.',
      maxLength: 2 * LONGEST_NAME,
    }),
    channelField(block('channelId'), 'Channel', channelId, {
      none: 'The usual channel',
      optional: true,
      hint: 'Where its cards and reports go. Redkey must be in it.',
    }),
    personField(block('ownerId'), 'Owner', ownerId, {
      nobody: 'Nobody yet',
      optional: true,
      hint: 'Asked first when something needs doing, and may change these settings.',
    }),
    personField(block('deputyId'), 'Deputy', deputyId, {
      nobody: 'Nobody',
      optional: true,
      hint: 'Asked as well when the owner has not acted for 4 hours.',
    }),
    remindersField(connection, block('reminders')),
    ...catchUpField(shown, block('catchUp')),
    ...mappingBlocks(shown),
    ...taggingBlocks(shown),
    divider(),
    actions(...moreButtons(connection)),
  ])
}

const USUAL = 'usual'

export function readCatchUp(value: string | undefined): CatchUpMode | null {
  return value === 'auto' || value === 'ask' ? value : null
}

export function readReminders(value: string | undefined): ReminderMode | null {
  return REMINDER_MODES.find((mode) => mode === value) ?? null
}

function remindersField({ reminders }: Connection, blockId: string): InputBlock {
  return radioField(
    blockId,
    'Reminders while it needs somebody',
    [
      { value: USUAL, label: 'As usual', description: 'After 1, 4 and 24 hours, then daily.' },
      { value: 'daily', label: 'Daily', description: 'Only from 24 hours on.' },
      { value: 'none', label: 'None', description: 'The card alone.' },
    ],
    reminders ?? USUAL,
  )
}

function catchUpField({ connection, usualCatchUp }: SettingsForm, blockId: string): InputBlock[] {
  if (connection.kind !== 'crm') return []
  const now = usualCatchUp === 'ask' ? 'At present: ask first.' : 'At present: push at once.'
  return [
    radioField(
      blockId,
      'What waited during an outage',
      [
        { value: USUAL, label: 'As everywhere', description: now },
        { value: 'auto', label: 'Push at once', description: 'As soon as the connection works again.' },
        { value: 'ask', label: 'Ask first', description: 'A card shows what waits; somebody presses Push now.' },
      ],
      connection.catchUp ?? USUAL,
    ),
  ]
}

function mappingBlocks({ mapping, label, apiUrl }: SettingsForm): Block[] {
  if (mapping === null) return []
  const { touchpoints, attribution } = mapping
  const others = attribution === null ? '' : `; those with an opportunity to ${target(attribution)}`
  return [
    section(
      `*Where touchpoints go in ${label}*`,
      `To ${target(touchpoints)}${others}. Programs change that by the ${link(apiUrl, 'API')}.`,
    ),
  ]
}

function target({ object, fields, custom }: Mapping['touchpoints']): string {
  return `${code(object)} (${plural(Object.keys(fields).length + custom.length, 'field')})`
}

function taggingBlocks({ connection, isTagging }: SettingsForm): Block[] {
  if (isTagging === null) return []
  const how = isTagging ? 'On: new ads get URL parameters.' : 'Off: new ads are left as they are.'
  return [sectionWith(button('Auto-tagging…', TAGGING_ACTION, { value: connection.id }), '*Auto-tagging*', how)]
}

function moreButtons({ id: value, health }: Connection) {
  const isPaused = health.status === 'paused'
  return [
    isPaused ? button('Resume', RESUME_ACTION, { value }) : button('Pause', PAUSE_ACTION, { value }),
    button('Remove…', REMOVE_ACTION, { style: 'danger', value }),
  ]
}

/** Shown instead of the form when it is saved. */
export function settingsSaved({ connection }: SettingsForm): RenderedForm {
  const { channelId, ownerId, deputyId } = connection
  const where = channelId === null ? 'the usual channel' : `<#${channelId}>`
  const owner = mention(ownerId) === '' ? 'It has no owner.' : `Owner: ${mention(ownerId)}.`
  const deputy = mention(deputyId) === '' ? '' : ` Deputy: ${mention(deputyId)}.`
  return form(
    SAID_VIEW,
    'Settings',
    '',
    [section(':white_check_mark: *Saved.*', accountLine(connection)), section(`Cards go to ${where}. ${owner}${deputy}`)],
    { submit: null, close: 'Close' },
  )
}
