import type { Renamed } from '../domain/connections/change-settings.ts'
import { type Rendered, section } from './blocks.ts'
import { accountLine } from './connection-words.ts'
import type { Look } from './look.ts'
import { code, escapeMrkdwn } from './mrkdwn.ts'
import { nameProblem } from './name-problems.ts'
import { refused } from './refused.ts'

/** What became of `rename`. */
export function renameReply(renamed: Renamed, wanted: string, look: Look): Rendered {
  switch (renamed.kind) {
    case 'renamed':
      return said(
        renamed.before === renamed.connection.name
          ? `${accountLine(renamed.connection)} is called so already.`
          : `:label: ${code(renamed.before)} is now called ${code(renamed.connection.name)}: ${accountLine(renamed.connection)}. Links go on working, and programs may go on using the old name.`,
      )
    case 'refused': {
      const { problem, connection } = renamed
      const suggestion = problem.kind === 'no_slug' ? problem.suggestion : null
      const retry =
        suggestion === null
          ? ''
          : ` Type \`${look.command} rename ${escapeMrkdwn(connection.name)} ${escapeMrkdwn(suggestion)}\`.`
      const why = nameProblem(suggestion === null ? problem : { kind: 'no_slug', suggestion: null })
      return said(`${accountLine(connection)} can’t be called ${code(wanted)}. ${why}${retry}`)
    }
    case 'not_allowed':
      return refused(renamed.reason)
    case 'gone':
      return said('This connection does not exist any more.')
    default:
      return renamed satisfies never
  }
}

/** `rename` without a new name. */
export function renameToWhat(name: string | null, look: Look): Rendered {
  const from = name === null ? '&lt;name&gt;' : escapeMrkdwn(name)
  return said(`Please say what it shall be called: \`${look.command} rename ${from} &lt;new name&gt;\`.`)
}

function said(text: string): Rendered {
  return { text, blocks: [section(text)] }
}
