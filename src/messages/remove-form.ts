import type { RemovalForm, Removed } from '../domain/connections/remove-connection.ts'
import { EXPORT_ACTION, REMOVE_VIEW, SAID_VIEW } from './action-ids.ts'
import { type Block, button, section, sectionWith } from './blocks.ts'
import { form, type InputBlock, type RenderedForm, tickField } from './form.ts'
import { code, escapeMrkdwn } from './mrkdwn.ts'
import { plural } from './words.ts'

/** Block id of the tick that a backlog may be lost. */
export const REMOVE_AGREED = 'agreed'

/** Asked before a connection is removed. `isNews`: touchpoints came in while somebody looked at it. */
export function removeForm(asked: RemovalForm, isNews = false): RenderedForm {
  const { connection, label } = asked
  const what =
    connection.kind === 'crm'
      ? `Redkey forgets its login, its settings and what it has counted. Nothing changes in ${label}.`
      : `Redkey forgets its login, its settings and the costs that it has downloaded. Nothing changes at ${label}.`
  return form(
    REMOVE_VIEW,
    'Remove connection',
    connection.id,
    [
      ...(isNews ? [section(':warning: *Touchpoints have come in meanwhile.*')] : []),
      section(`*Remove ${code(connection.name)} for good?*`, `${label} · ${escapeMrkdwn(connection.accountName)}`),
      section(`${what} This can’t be undone; connecting the account again begins anew.`),
      ...backlogBlocks(asked),
    ],
    { submit: 'Remove', close: 'Keep it' },
  )
}

function backlogBlocks({ waiting, rejected, exportUrl, label }: RemovalForm): (Block | InputBlock)[] {
  const n = waiting + rejected
  if (n === 0) return []
  const parts = [
    ...(waiting === 0 ? [] : [`${plural(waiting, 'touchpoint')} ${waiting === 1 ? 'waits' : 'wait'} to be pushed`]),
    ...(rejected === 0 ? [] : [`${plural(rejected, 'touchpoint')} ${rejected === 1 ? 'was' : 'were'} refused by ${label}`]),
  ]
  const file = exportUrl === null ? null : button('Download', EXPORT_ACTION, { url: exportUrl })
  return [
    sectionWith(file, `:warning: *${parts.join(', ')}.*`, 'The file has them as they were sent, one a line (NDJSON).'),
    tickField(
      REMOVE_AGREED,
      'What was not pushed',
      `Delete ${n === 1 ? 'it' : `all ${n.toLocaleString('en-US')}`} with the connection`,
      false,
      { isRequired: true },
    ),
  ]
}

/** Said below the tick. */
export const AGREE_FIRST = 'Tick it to remove the connection with them, or download them first.'

export function removedWindow({ connection, label }: Extract<Removed, { kind: 'removed' }>): RenderedForm {
  const text = `:wastebasket: ${code(connection.name)} (${label}, ${escapeMrkdwn(connection.accountName)}) is removed. The channel has been told.`
  return form(SAID_VIEW, 'Remove connection', '', [section(text)], { submit: null, close: 'Close' })
}
