import type { ConnectionsAdded, Notice } from '../domain/cards/card.ts'
import { type Rendered, section } from './blocks.ts'
import { code, escapeMrkdwn, personOr } from './mrkdwn.ts'
import { count, list, plural } from './words.ts'

/** Connections named one by one; the others are counted. */
const NAMED = 10

type BroughtBack = Extract<Notice, { kind: 'brought_back' }>

/** "6 of 8 connections are back with the login of ana@acme.com. 2 are not reached by it: …". */
export function broughtBack({ username, back, left }: BroughtBack, label: string): string {
  const whose = `the login of ${escapeMrkdwn(username)}`
  if (left.length === 0) return `:white_check_mark: ${all(back)} back with ${whose}.`
  const missed = left.filter(({ why }) => why === 'not_reached')
  const unread = left.filter(({ why }) => why === 'not_read')
  return [
    `:warning: ${back} of ${plural(back + left.length, 'connection')} ${back === 1 ? 'is' : 'are'} back with ${whose}.`,
    missed.length === 0 ? '' : `${beNot(missed.length, 'reached by it')}: ${named(missed)}.`,
    unread.length === 0 ? '' : `${beNot(unread.length, 'readable right now')}: ${named(unread)}.`,
    missed.length === 0
      ? `Press Reauthorize once more for ${unread.length === 1 ? 'it' : 'those'}.`
      : `Somebody whose ${label} login reaches ${missed.length === 1 ? 'it' : 'those'} has to press Reauthorize too.`,
  ]
    .filter(Boolean)
    .join(' ')
}

/** One message for all accounts that were connected together. */
export function connectionsAdded({ provider, by, username, accounts }: ConnectionsAdded): Rendered {
  const label = escapeMrkdwn(provider)
  const who = personOr(by, 'somebody')
  const said = `${plural(accounts.length, 'account')} of ${label} ${accounts.length === 1 ? 'was' : 'were'} connected by ${who}`
  const next = 'Redkey watches them from now on.'
  return {
    text: `🔌 ${said}, logged in as ${escapeMrkdwn(username)}: ${named(accounts)}. ${next}`,
    blocks: [section(`🔌 *${said}*, logged in as ${escapeMrkdwn(username)}.`), section(named(accounts)), section(next)],
  }
}

function all(back: number): string {
  return back === 1 ? 'The connection is' : `All ${count(back)} connections are`
}

function beNot(n: number, what: string): string {
  return `${n} ${n === 1 ? 'is' : 'are'} not ${what}`
}

function named(accounts: readonly { readonly name: string; readonly account: string }[]): string {
  const shown = accounts.slice(0, NAMED).map(({ name, account }) => `${code(name)} (${escapeMrkdwn(account, 40)})`)
  const others = accounts.length - shown.length
  return list(others === 0 ? shown : [...shown, `${count(others)} more`])
}
