import type { HistoryPage } from '../domain/connections/history.ts'
import { HISTORY_NEWEST_ACTION, HISTORY_OLDER_ACTION, writeHistoryValue } from './action-ids.ts'
import { actions, button, context, header, type Rendered, section } from './blocks.ts'
import { accountLine, accountText } from './connection-words.ts'
import { historyLine } from './history-words.ts'
import type { Look } from './look.ts'
import { plain } from './mrkdwn.ts'
import { unknownConnection } from './unknown-command.ts'

/** So many of the longest lines fit into a section. */
const LINES_AT_ONCE = 5

/** Who did what with a connection and when, the newest first. */
export function historyReply(page: HistoryPage, typed: string, look: Look): Rendered {
  if (page.kind === 'unknown') return unknownConnection(typed, page.nearest, 'history', look)
  const { connection, entries, olderAfter, isNewest } = page
  const lines = entries.map(historyLine)
  const parts = Array.from({ length: Math.ceil(lines.length / LINES_AT_ONCE) }, (_, part) =>
    section(...lines.slice(part * LINES_AT_ONCE, (part + 1) * LINES_AT_ONCE)),
  )
  const buttons = [
    ...(isNewest ? [] : [button('‹ Newest', HISTORY_NEWEST_ACTION, { value: writeHistoryValue(connection.id, null) })]),
    ...(olderAfter === null
      ? []
      : [button('Older ›', HISTORY_OLDER_ACTION, { value: writeHistoryValue(connection.id, olderAfter) })]),
  ]
  return {
    text: `What happened to ${accountText(connection)}, the newest first: ${lines.slice(0, 3).join(' ')}`,
    blocks: [
      header(`History of ${plain(connection.name)}`),
      section(accountLine(connection)),
      ...(parts.length === 0 ? [section('Nothing older is known.')] : parts),
      ...(buttons.length === 0 ? [] : [actions(...buttons)]),
      ...(olderAfter === null && isNewest ? [] : [context('The newest first.')]),
    ],
  }
}
