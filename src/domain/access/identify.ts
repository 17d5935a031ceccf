import { hash } from 'node:crypto'
import { later, MINUTE_MS } from '../../clock.ts'
import type { Deps } from '../deps.ts'
import type { Person } from '../slack.ts'
import { whyNotAdd, whyNotReauthorize } from './rights.ts'
import type { LoginTicket } from './secrets.ts'
import { type SignIn, type SignInFlow, signInRedirectUri } from './sign-in.ts'

/** From the redirect to Slack until it sends the browser back. */
const SIGN_IN_MS = 10 * MINUTE_MS
/** How long a browser need not ask Slack again. */
const IDENTIFIED_MS = 10 * MINUTE_MS

/** A link that was opened, and what the browser keeps of an identification. */
export interface Visit {
  readonly ticket: string
  readonly identity: string | null
}

/** Off to Slack, which tells who it is; then the link is opened again. */
export interface SignInDeparture {
  readonly kind: 'sign_in'
  readonly url: string
  readonly state: string
  readonly cookie: string
  readonly cookieMaxAgeMs: number
}

export const WHY_NOT_IDENTIFIED = [
  'guest',
  'other_company',
  'deactivated',
  'not_in_redkey_admins',
  'not_in_redkey_members',
  /** The link was made for somebody else. */
  'not_yours',
  'other_workspace',
  /** Slack says who it is, but can't be asked whether that person may. */
  'unknown_person',
  'not_this_browser',
  'login_expired',
  'already_used',
  /** The person said no at Slack. */
  'cancelled',
  'refused',
  'misconfigured',
  'unreachable',
] as const
export type WhyNotIdentified = (typeof WHY_NOT_IDENTIFIED)[number]

export interface NotIdentified {
  readonly kind: 'not_identified'
  readonly why: WhyNotIdentified
}

type IdentifyDeps = Pick<Deps, 'slack' | 'signIn' | 'signInSeals' | 'clock' | 'newSecret' | 'settings' | 'store' | 'log'>
type PersonalTicket = Extract<LoginTicket, { kind: 'connect' | 'reauthorize' }>

/**
 * Lets somebody open a link, or sends them to Slack first. `person` null: Sign in with Slack is not set up, so the link proves nobody.
 * Writes nothing.
 */
export async function admit(
  deps: IdentifyDeps,
  visit: Visit,
  ticket: PersonalTicket,
  teamId: string,
): Promise<{ readonly kind: 'admitted'; readonly person: Person | null } | SignInDeparture | NotIdentified> {
  const { signIn, signInSeals } = deps
  if (signIn === null) return { kind: 'admitted', person: null }
  const identity = visit.identity === null ? undefined : await signInSeals.open(visit.identity)
  if (identity?.teamId !== teamId) return departToSlack(deps, signIn, { teamId, path: ticket.kind, ticket: visit.ticket })
  const judged = await judge(deps, ticket, teamId, identity.userId)
  return 'why' in judged ? judged : { kind: 'admitted', person: judged }
}

/** Whether this person may use this link, by what Slack says of them now. */
async function judge(
  { slack, settings, log }: Pick<IdentifyDeps, 'slack' | 'settings' | 'log'>,
  ticket: PersonalTicket,
  teamId: string,
  userId: string,
): Promise<Person | NotIdentified> {
  const person = await slack.person(teamId, userId)
  const why = person === undefined ? 'unknown_person' : whyNot(person, ticket, teamId, settings)
  if (person !== undefined && why === null) return person
  log.warn('identity.refused', { userId, link: ticket.kind, why })
  return { kind: 'not_identified', why: why ?? 'unknown_person' }
}

function whyNot(person: Person, ticket: PersonalTicket, teamId: string, settings: Deps['settings']): WhyNotIdentified | null {
  const may = ticket.kind === 'connect' ? whyNotAdd : whyNotReauthorize
  return may(person, teamId, settings) ?? (ticket.userId === null || ticket.userId === person.id ? null : 'not_yours')
}

async function departToSlack(
  { signInSeals, clock, newSecret, settings }: IdentifyDeps,
  signIn: SignIn,
  goal: Pick<SignInFlow, 'teamId' | 'path' | 'ticket'>,
): Promise<SignInDeparture> {
  const [state, nonce] = [newSecret(), newSecret()]
  const cookie = await signInSeals.sealFlow({ ...goal, state, nonce, expiresAt: later(clock.now(), SIGN_IN_MS) })
  const redirectUri = signInRedirectUri(settings.url)
  const url = signIn.authorizationUrl({ redirectUri, state, nonce, teamId: goal.teamId })
  return { kind: 'sign_in', url, state, cookie, cookieMaxAgeMs: SIGN_IN_MS }
}

export interface SignInAnswer {
  readonly state: string | null
  readonly code: string | null
  readonly error: string | null
  /** The cookie of this identification, from this browser. */
  readonly cookie: string | null
}

/** `identity` goes to this browser only; then it opens the link again. */
export type Identification =
  | {
      readonly kind: 'identified'
      readonly path: SignInFlow['path']
      readonly ticket: string
      readonly identity: string
      readonly maxAgeMs: number
    }
  | NotIdentified

/** Slack sent the browser back: who is it, and may they use the link? */
export async function completeSignIn(
  deps: IdentifyDeps & Pick<Deps, 'tickets'>,
  { state, code, error, cookie }: SignInAnswer,
): Promise<Identification> {
  const { signIn, signInSeals, store, clock, log } = deps
  if (signIn === null || state === null || cookie === null) return not('not_this_browser')
  const flow = await signInSeals.openFlow(cookie)
  if (!flow) return not('login_expired')
  if (flow.state !== state) return not('not_this_browser')
  const now = clock.now()
  if (!(await store.tickets.useOnce(`identity:${hash('sha256', state, 'base64url')}`, now, later(now, SIGN_IN_MS))))
    return not('already_used')
  if (error !== null || code === null) return not(error === 'access_denied' ? 'cancelled' : 'refused')
  const signedIn = await signIn.identify({ code, redirectUri: signInRedirectUri(deps.settings.url), nonce: flow.nonce })
  if (signedIn.kind !== 'ok') {
    const level = signedIn.kind === 'misconfigured' ? 'error' : 'warn'
    log[level]('identity.not_told', { outcome: signedIn.kind, reason: signedIn.reason })
    return not(signedIn.kind)
  }
  const { teamId, userId } = signedIn
  if (teamId !== flow.teamId) return not('other_workspace')
  const read = await deps.tickets.read(flow.ticket)
  // A link that is void says so itself when it is opened again.
  if (read.kind === 'ok' && read.ticket.kind === flow.path) {
    const judged = await judge(deps, read.ticket, teamId, userId)
    if ('why' in judged) return judged
  }
  log.info('identity.told', { userId, link: flow.path })
  const identity = await signInSeals.seal({ teamId, userId }, later(now, IDENTIFIED_MS))
  return { kind: 'identified', path: flow.path, ticket: flow.ticket, identity, maxAgeMs: IDENTIFIED_MS }
}

function not(why: WhyNotIdentified): NotIdentified {
  return { kind: 'not_identified', why }
}
