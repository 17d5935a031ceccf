import type { Checked, CheckNowAnswer } from '../domain/connections/check.ts'
import { header, type Rendered, section } from './blocks.ts'
import { accountLine, statusIcon } from './connection-words.ts'
import type { Look } from './look.ts'
import { escapeMrkdwn } from './mrkdwn.ts'
import { unknownConnection } from './unknown-command.ts'
import { plural } from './words.ts'

const LINES_IN_SECTION = 8
const SHOWN = 20

/** What a check just now found, one line for each connection. */
export function checkReply(answer: CheckNowAnswer, typed: string, look: Look): Rendered {
  if (answer.kind === 'unknown') return unknownConnection(typed, answer.nearest, 'check', look)
  const { results } = answer
  if (results.length === 0) {
    const text = `There is nothing to check yet. Type \`${look.command} add\` to connect the first account.`
    return { text, blocks: [section(text)] }
  }
  const bad = results.filter(({ observed }) => typeof observed !== 'string').length
  const paused = results.filter(({ observed }) => observed === 'paused').length
  const summary = summaryOf(results.length - paused, bad, paused)
  const lines = results.slice(0, SHOWN).map((checked) => line(checked, look))
  if (results.length > SHOWN) lines.push(`… and ${results.length - SHOWN} more; \`${look.command}\` lists them.`)
  const groups = Array.from({ length: Math.ceil(lines.length / LINES_IN_SECTION) }, (_, index) =>
    lines.slice(index * LINES_IN_SECTION, (index + 1) * LINES_IN_SECTION),
  )
  return {
    text: `${summary} ${lines.slice(0, 3).join('; ')}`,
    blocks: [header('Checked just now'), section(summary), ...groups.map((group) => section(...group))],
  }
}

function summaryOf(checked: number, bad: number, paused: number): string {
  const left =
    paused === 0 ? '' : ` ${plural(paused, 'connection')} left alone, since somebody has paused ${paused === 1 ? 'it' : 'them'}.`
  if (checked === 0) return `Nothing was checked.${left}`
  const how = bad > 0 ? `${bad} with a problem` : checked === 1 ? 'it works' : 'all work'
  return `Checked ${plural(checked, 'connection')}: ${how}.${left}`
}

function line({ connection, observed }: Checked, look: Look): string {
  if (observed === 'paused') return `:double_vertical_bar: ${accountLine(connection)} is paused.`
  if (observed === 'works') return `:white_check_mark: ${accountLine(connection)} works.`
  const again =
    observed.kind === 'authorization_required' && connection.health.status === 'connected'
      ? ' I check once more in a minute before raising the alarm.'
      : ''
  const icon = connection.health.status === 'connected' ? ':large_yellow_circle:' : statusIcon(connection, look)
  return `${icon} ${accountLine(connection)}: ${escapeMrkdwn(observed.explanation, 200)}${again}`
}
