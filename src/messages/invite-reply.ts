import type { Invited, Withdrawn } from '../domain/access/invite.ts'
import { context, type Rendered, section } from './blocks.ts'
import { accountLine, accountText } from './connection-words.ts'
import type { Look } from './look.ts'
import { date, escapeMrkdwn } from './mrkdwn.ts'
import { refused } from './refused.ts'
import { unknownConnection } from './unknown-command.ts'
import { plural } from './words.ts'

/** A link to send to somebody outside the workspace. */
export function inviteReply(invited: Invited, typed: string, look: Look): Rendered {
  if (invited.kind === 'unknown') return unknownConnection(typed, invited.nearest, 'invite', look)
  if (invited.kind === 'not_allowed') return refused(invited.reason)
  const { url, connection, providerLabel: label, expiresAt } = invited
  const off = `\`${look.command} invite ${escapeMrkdwn(connection.name)} off\``
  return {
    text: `Send this link to the person who shall log in to ${accountText(connection)}: ${url} It works once, until ${date(expiresAt)}.`,
    blocks: [
      section(
        `:envelope: Send this link to the person outside the workspace who shall log in to ${label}, and to nobody else:`,
        `\`${url}\``,
      ),
      section(
        `It can bring back ${accountLine(connection)} and nothing else. The person sees who asked, and logs in at ${label}; Redkey and you never see the password.`,
      ),
      context(
        `It works for one login, until ${date(expiresAt)}, and ends when somebody else has logged in. ${off} withdraws it.`,
      ),
    ],
  }
}

export function withdrawnReply(withdrawn: Withdrawn, typed: string, look: Look): Rendered {
  if (withdrawn.kind === 'unknown') return unknownConnection(typed, withdrawn.nearest, 'invite', look)
  if (withdrawn.kind === 'not_allowed') return refused(withdrawn.reason)
  const { connection, count } = withdrawn
  const text =
    count === 0
      ? `There is no invitation for ${accountText(connection)} that could be withdrawn.`
      : `Withdrawn: ${plural(count, 'invitation')} to log in to ${accountText(connection)}. ${count === 1 ? 'Its link does' : 'Their links do'} not work any more.`
  return { text, blocks: [section(text)] }
}
