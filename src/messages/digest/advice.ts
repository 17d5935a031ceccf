import type { Recurrence } from '../../domain/digest/digest.ts'
import type { AuthorizationCause, PermissionCause } from '../../domain/provider.ts'
import { escapeMrkdwn } from '../mrkdwn.ts'
import { list } from '../words.ts'

interface Words {
  /** "each time …" */
  readonly because: string
  /** What ends it. `{label}` is the provider. */
  readonly advice: string
}

const INTEGRATION_USER = 'Use an integration user'

const WORDS: Readonly<Record<AuthorizationCause | PermissionCause, Words>> = {
  password_changed: {
    because: 'the password was changed',
    advice: `${INTEGRATION_USER}, whose password nobody changes.`,
  },
  user_inactive: { because: 'the user was deactivated', advice: `${INTEGRATION_USER}, which stays when people leave.` },
  expired: {
    because: 'the login ended',
    advice: 'Let an admin of {label} give the app logins that last, or renew it when a yellow card announces its end.',
  },
  revoked: {
    because: 'the access was taken away',
    advice: `Find out at {label} who or what takes it away, such as a clean-up of old apps, and except this one. ${INTEGRATION_USER}.`,
  },
  login_policy: {
    because: 'of a rule for logins',
    advice: 'Let an admin of {label} except an integration user from the rule that ends its logins.',
  },
  scope_missing: {
    because: 'something was not allowed at the login',
    advice: 'Whoever logs in allows everything that Redkey asks for.',
  },
  access_lost: {
    because: 'the user lost access to the account',
    advice: `${INTEGRATION_USER} with lasting access to the account.`,
  },
  admin_blocked: { because: 'an admin blocked the app', advice: 'Agree with the admins of {label} that the app stays allowed.' },
  role_missing: { because: 'a right was missing', advice: `${INTEGRATION_USER} whose rights nobody changes.` },
}

const OWN: Words = {
  because: "of Redkey's own set-up",
  advice: 'Whoever runs Redkey keeps the app at {label} and its secret as they are: `npm run redkey -- doctor`.',
}
const UNKNOWN: Words = { because: 'of a refusal', advice: '' }

/** "each time the password was changed", or "the password was changed 3 times, the login ended once". */
export function causeWords({ causes, times }: Pick<Recurrence, 'causes' | 'times'>): string {
  const [only] = causes
  if (causes.length === 1 && only) return `each time ${because(only)}`
  const told = causes.map((cause) => `${cause.times === 1 ? 'once' : `${cause.times} times`} ${because(cause)}`)
  return list(told) || `${times} times`
}

/** What ends it, by the most frequent cause. */
export function adviceWords({ causes, provider }: Pick<Recurrence, 'causes' | 'provider'>): string {
  const [most] = causes
  return most ? wordsOf(most).advice.replaceAll('{label}', escapeMrkdwn(provider)) : ''
}

function because(cause: Recurrence['causes'][number]): string {
  const words = wordsOf(cause).because
  return words.startsWith('of ') ? `because ${words}` : words
}

function wordsOf({ kind, cause }: Recurrence['causes'][number]): Words {
  if (kind === 'misconfigured') return OWN
  return isKnown(cause) ? WORDS[cause] : UNKNOWN
}

function isKnown(cause: string): cause is keyof typeof WORDS {
  return Object.hasOwn(WORDS, cause)
}

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth']

/** "fourth", "12th", "21st" */
export function ordinal(n: number): string {
  const ending = n % 100 >= 11 && n % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')
  return ORDINALS[n - 1] ?? `${n}${ending}`
}
