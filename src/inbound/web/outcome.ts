import { z } from 'zod'
import type { Completion, Left } from '../../domain/access/completion.ts'
import { WHY_NOT_IDENTIFIED } from '../../domain/access/identify.ts'
import type { Connection } from '../../domain/connections/connection.ts'
import type { CatchUp } from '../../domain/connections/outage.ts'
import { plain } from '../../messages/mrkdwn.ts'

const LONG = 300
const MOST_STEPS = 6
const environment = z.enum(['production', 'sandbox'])

/** Some of many by name, and how many there are. */
const named = z.object({ names: z.array(z.string()), count: z.int() })
export type Named = z.infer<typeof named>

/** How a login ended, as far as the page behind it says so. It crosses the redirect in a sealed cookie, so it is kept short. */
export const outcomeSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('connected'),
    account: z.string(),
    environment,
    name: z.string(),
    username: z.string(),
    isCrm: z.boolean(),
    isConfirmed: z.boolean(),
    channelLink: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('reauthorized'),
    account: z.string(),
    environment,
    name: z.string(),
    username: z.string(),
    isCrm: z.boolean(),
    isConfirmed: z.boolean(),
    /** Touchpoints that are due now. */
    missed: z.int(),
    isHeld: z.boolean(),
    isKnown: z.boolean(),
    cardLink: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('connected_several'),
    added: named,
    back: named,
    unread: named,
    username: z.string(),
    channelLink: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('reauthorized_several'),
    back: named,
    /** Not reached by this login. */
    missed: named,
    /** Reached, and not readable. */
    unread: named,
    username: z.string(),
    cardLink: z.string().nullable(),
  }),
  /** By an invitation. */
  z.object({ kind: z.literal('restored'), account: z.string(), environment, username: z.string() }),
  z.object({ kind: z.literal('invitation_over'), how: z.enum(['used', 'withdrawn', 'over']) }),
  z.object({ kind: z.literal('not_this_browser') }),
  z.object({ kind: z.literal('login_expired') }),
  z.object({ kind: z.literal('already_used') }),
  z.object({ kind: z.literal('cancelled') }),
  z.object({ kind: z.literal('wrong_account'), came: z.string(), username: z.string() }),
  z.object({ kind: z.literal('scope_missing'), missing: z.array(z.string()) }),
  z.object({ kind: z.literal('refused'), explanation: z.string(), again: z.boolean(), steps: z.array(z.string()).default([]) }),
  z.object({ kind: z.literal('gone') }),
  /** Before any login: Sign in with Slack. */
  z.object({ kind: z.literal('not_identified'), why: z.enum(WHY_NOT_IDENTIFIED) }),
  /** Our own trouble; `reference` stands in the log. */
  z.object({ kind: z.literal('failed'), isStorage: z.boolean(), reference: z.string().nullable() }),
])

export type Outcome = z.infer<typeof outcomeSchema>

export function outcomeOf(completion: Exclude<Completion, { kind: 'choose' }>): Outcome {
  switch (completion.kind) {
    case 'connected':
      return { kind: 'connected', ...accountOf(completion), channelLink: webLink(completion.channelLink) }
    case 'reauthorized': {
      const { catchUp, isHeld, isKnown, cardLink } = completion
      const missed = missedIn(catchUp)
      return { kind: 'reauthorized', ...accountOf(completion), missed, isHeld, isKnown, cardLink: webLink(cardLink) }
    }
    case 'connected_several': {
      const { added, back, unread, username, channelLink } = completion
      const unreadNames = namedOf(unread.map(({ account, explanation }) => `${account}: ${explanation}`))
      return {
        kind: 'connected_several',
        added: namedOf(namesOf(added)),
        back: namedOf(namesOf(back)),
        unread: unreadNames,
        username: plain(username),
        channelLink: webLink(channelLink),
      }
    }
    case 'reauthorized_several': {
      const { back, left, username, cardLink } = completion
      const of = (why: Left['why']) => namedOf(left.filter((one) => one.why === why).map(({ connection }) => connection.name))
      return {
        kind: 'reauthorized_several',
        back: namedOf(namesOf(back)),
        missed: of('not_reached'),
        unread: of('not_read'),
        username: plain(username),
        cardLink: webLink(cardLink),
      }
    }
    case 'restored': {
      const { account, environment, username } = accountOf(completion)
      return { kind: 'restored', account, environment, username }
    }
    case 'invitation_over':
      return completion
    case 'wrong_account':
      return { kind: 'wrong_account', came: plain(completion.came), username: plain(completion.username) }
    case 'scope_missing':
      return { kind: 'scope_missing', missing: completion.missing.slice(0, 10).map((scope) => plain(scope)) }
    case 'refused':
      return {
        kind: 'refused',
        explanation: plain(completion.explanation, LONG),
        again: completion.again,
        steps: (completion.steps ?? []).slice(0, MOST_STEPS).map((step) => plain(step, LONG)),
      }
    default:
      return { kind: completion.kind }
  }
}

const NAMED = 8

function namesOf(connections: readonly Connection[]): string[] {
  return connections.map(({ name }) => name)
}

function namedOf(names: readonly string[]): Named {
  return { names: names.slice(0, NAMED).map((name) => plain(name)), count: names.length }
}

function accountOf({ connection, username }: Extract<Completion, { kind: 'connected' | 'reauthorized' | 'restored' }>) {
  return {
    account: plain(connection.accountName),
    environment: connection.environment,
    name: plain(connection.name),
    username: plain(username),
    isCrm: connection.kind === 'crm',
    isConfirmed: connection.confirmedAt !== null,
  }
}

function missedIn(catchUp: CatchUp | null): number {
  return catchUp === null ? 0 : catchUp.expected - catchUp.pushed - catchUp.superseded - catchUp.rejected
}

/** A link to click must be one of the web. */
function webLink(link: string | null): string | null {
  return link !== null && /^https?:\/\//.test(link) && link.length <= 500 ? link : null
}
