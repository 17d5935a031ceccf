import type { RejectsLink } from '../domain/access/links.ts'
import type { RejectsDescription } from '../domain/outbox/read-rejects.ts'
import { actions, context, header, type Rendered, section, sectionWith } from './blocks.ts'
import { accountLine, accountText } from './connection-words.ts'
import type { Look } from './look.ts'
import { code } from './mrkdwn.ts'
import { refused } from './refused.ts'
import { downloadButton, retryButton } from './reject-buttons.ts'
import { rejectLine, topRejects } from './reject-lines.ts'
import { unknownConnection } from './unknown-command.ts'
import { duration, plural } from './words.ts'

const GROUPS = 10
/** Of the CRM's own words, in characters. */
const MESSAGE_CAP = 200

/** What the CRM refused, by its reason, each with what to do. `link` is the person's own to the file, or null. */
export function rejectsReply(found: RejectsDescription, typed: string, link: RejectsLink | null, look: Look): Rendered {
  if (found.kind === 'unknown') return unknownConnection(typed, found.nearest, 'rejects', look)
  const { connection, providerLabel: label, groups } = found
  if (groups.length === 0) {
    const nothing = `:white_check_mark: ${label} has refused nothing that is not settled: ${accountLine(connection)}.`
    return { text: nothing, blocks: [section(nothing)] }
  }
  const total = groups.reduce((sum, group) => sum + group.count, 0)
  const { shown, rest } = topRejects(groups, GROUPS)
  const why = `${label} refused ${plural(total, 'touchpoint')} for ${plural(groups.length, 'reason')}`
  const [first] = shown
  return {
    text: `${why}: ${accountText(connection)}. ${first ? rejectLine(first) : ''}`,
    blocks: [
      header(`Touchpoints that ${label} refused`),
      section(accountLine(connection), `*${why}.* They are kept. Mend the cause in ${label}, then retry them.`),
      ...shown.map((group) =>
        sectionWith(retryButton(connection.id, label, group), rejectLine(group, MESSAGE_CAP), examples(group.examples)),
      ),
      ...(rest.length === 0 ? [] : [section(...rest, 'The file has them all.')]),
      actions(downloadButton(connection.id, link?.kind === 'link' ? link.url : null)),
      context(
        'Mended at the source instead? Send the touchpoint again: a changed version is pushed by itself.',
        link?.kind === 'link' ? fileLife(link.expiresInMs) : '',
      ),
    ],
  }
}

function examples(ids: readonly string[]): string {
  return ids.length === 0 ? '' : `For example ${ids.map((id) => code(id, 60)).join(', ')}`
}

/** The answer to *Download CSV* where the button could not carry a personal link. */
export function downloadReply(link: RejectsLink): Rendered {
  switch (link.kind) {
    case 'link':
      return {
        text: `Download what ${accountText(link.connection)} refused with the Download CSV button. ${fileLife(link.expiresInMs)}`,
        blocks: [
          sectionWith(
            downloadButton(link.connection.id, link.url),
            `The rejected touchpoints of ${accountLine(link.connection)}, with what was to be pushed.`,
          ),
          context(fileLife(link.expiresInMs)),
        ],
      }
    case 'gone': {
      const gone = 'This connection does not exist any more.'
      return { text: gone, blocks: [section(gone)] }
    }
    case 'not_allowed':
      return refused(link.reason)
    default:
      return link satisfies never
  }
}

function fileLife(expiresInMs: number): string {
  return `The file is for you alone; its link works for ${duration(expiresInMs)}.`
}
