import { LIST_PAGE_ACTION, LIST_PAGE_BACK_ACTION } from './action-ids.ts'
import { actions, type Block, button, context, header, type Rendered, section } from './blocks.ts'
import { connectionRow, connectionText, type ListedConnection } from './connection-rows.ts'
import type { Look } from './look.ts'
import { type Counts, type Page, writePageValue } from './page.ts'
import { plural } from './words.ts'

/** Every connection, those that need somebody first. `listed` are the rows of the page. */
export function connectionsList(page: Page, listed: readonly ListedConnection[], look: Look, now: Date): Rendered {
  if (page.counts.total === 0) return empty(look)
  const summary = summaryOf(page.counts)
  return {
    text: `${summary} ${listed.slice(0, 5).map(connectionText).join('; ')}.`,
    blocks: [
      header('Connections'),
      section(summary),
      ...listed.flatMap((row) => connectionRow(row, look, now)),
      ...footer(page, look),
    ],
  }
}

function empty(look: Look): Rendered {
  const text = `No connections yet. Type \`${look.command} add\` to connect the first one.`
  return { text, blocks: [header('Connections'), section(text)] }
}

function summaryOf({ total, red }: Counts): string {
  const all = plural(total, 'connection')
  if (red === 0) return `${all}, none needs authorization.`
  return `${red} of ${all} ${red === 1 ? 'needs' : 'need'} authorization.`
}

/** Page buttons where there are several pages, and where more help is. */
export function footer({ page, pages, filter }: Page, look: Look): Block[] {
  const help = `\`${look.command} add\` connects another account, \`${look.command} help\` lists what else I can do.`
  if (pages === 1) return [context(help)]
  return [
    actions(
      ...(page > 0 ? [button('‹ Previous', LIST_PAGE_BACK_ACTION, { value: writePageValue(page - 1, filter) })] : []),
      ...(page < pages - 1 ? [button('Next ›', LIST_PAGE_ACTION, { value: writePageValue(page + 1, filter) })] : []),
    ),
    context(`Page ${page + 1} of ${pages}. ${help}`),
  ]
}
