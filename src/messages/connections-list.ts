import { LIST_PAGE_ACTION, LIST_PAGE_BACK_ACTION } from './action-ids.ts'
import { actions, type Block, button, context, header, type Rendered, section } from './blocks.ts'
import { connectionRow, connectionText, type ListedConnection } from './connection-rows.ts'
import type { Look } from './look.ts'
import { plural } from './words.ts'

const PAGE_SIZE = 15

/** Every connection, those that need somebody first. `page` counts from 0; one that does not exist is the last. */
export function connectionsList(listed: readonly ListedConnection[], page: number, look: Look, now: Date): Rendered {
  if (listed.length === 0) return empty(look)
  const pages = Math.ceil(listed.length / PAGE_SIZE)
  const shown = Math.min(Math.max(page, 0), pages - 1)
  const rows = listed.slice(shown * PAGE_SIZE, (shown + 1) * PAGE_SIZE)
  const summary = summaryOf(listed)
  return {
    text: `${summary} ${rows.slice(0, 5).map(connectionText).join('; ')}.`,
    blocks: [
      header('Connections'),
      section(summary),
      ...rows.flatMap((row) => connectionRow(row, look, now)),
      ...footer(shown, pages, look),
    ],
  }
}

function empty(look: Look): Rendered {
  const text = `No connections yet. Type \`${look.command} add\` to connect the first one.`
  return { text, blocks: [header('Connections'), section(text)] }
}

function summaryOf(listed: readonly ListedConnection[]): string {
  const red = listed.filter(({ overview }) => overview.connection.health.status === 'authorization_required').length
  const total = plural(listed.length, 'connection')
  if (red === 0) return `${total}, none needs authorization.`
  return `${red} of ${total} ${red === 1 ? 'needs' : 'need'} authorization.`
}

function footer(page: number, pages: number, look: Look): Block[] {
  const help = `\`${look.command} help\` lists what else I can do.`
  if (pages === 1) return [context(help)]
  return [
    actions(
      ...(page > 0 ? [button('‹ Previous', LIST_PAGE_BACK_ACTION, { value: String(page - 1) })] : []),
      ...(page < pages - 1 ? [button('Next ›', LIST_PAGE_ACTION, { value: String(page + 1) })] : []),
    ),
    context(`Page ${page + 1} of ${pages}. ${help}`),
  ]
}
