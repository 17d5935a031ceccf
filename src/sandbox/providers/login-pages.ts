import type { IncomingMessage } from 'node:http'
import { type Reply, readForm } from './http-server.ts'
import { consentPage, errorPage, type LoginBrand, loginPage } from './login-page.ts'
import { randomToken } from './oauth-server.ts'

/** A user of a fake provider, as its login page offers it. */
export interface LoginPerson {
  /** Unique at this provider. */
  readonly id: string
  readonly username: string
  readonly displayName: string
  readonly isActive: boolean
}

/** People who stand together on the login page: of an org, a portal, a company. */
export interface LoginGroup {
  readonly name: string
  /** `Production`, `Sandbox`, `Agency`. */
  readonly kind: string
  readonly people: readonly LoginPerson[]
}

/** What an app asked for, once the provider has found nothing wrong with it. */
export interface AuthorizeRequest {
  readonly clientId: string
  readonly redirectUri: string
  readonly scopes: readonly string[]
  readonly state: string | null
  /** S256; null when the app sent none. */
  readonly codeChallenge: string | null
  readonly loginHint: string | null
}

/** Query parameters that tell an error to the app: `error`, `error_description`, and what a provider adds. */
type ErrorParameters = Readonly<Record<string, string>>

export type ReadAuthorize =
  | (AuthorizeRequest & { readonly kind: 'fine' })
  /** The app can't be trusted with a redirect: the provider shows the error itself. */
  | { readonly kind: 'page'; readonly error: ErrorParameters }
  | {
      readonly kind: 'redirect'
      readonly redirectUri: string
      readonly state: string | null
      readonly error: ErrorParameters
    }
  | { readonly kind: 'reply'; readonly reply: Reply }

/** What a name and a password lead to. */
export type LoggedIn =
  | { readonly kind: 'fine' }
  /** The login page again, with this sentence. */
  | { readonly kind: 'again'; readonly error: string }
  | { readonly kind: 'redirect'; readonly error: ErrorParameters }
  | { readonly kind: 'page'; readonly error: ErrorParameters }
  | { readonly kind: 'reply'; readonly reply: Reply }

/** One line of the consent page. */
export interface Asked {
  readonly words: string
  /** The scope, where the person may leave it out: the line has a box, ticked at first. */
  readonly optional?: string
}

export interface LoginPagesOptions {
  readonly brand: LoginBrand
  /** What the consent page calls the app. */
  readonly appName: string
  readonly authorizePath: string
  /** What the password field is filled with. */
  readonly password: string
  /** On the provider's own error page. */
  readonly refusalText: string
  /** Where people take an approval back, for the foot of the consent page. */
  readonly takeBack: string
  readonly denied: ErrorParameters
  groups(): readonly LoginGroup[]
  read(query: URLSearchParams): ReadAuthorize
  logIn(person: LoginPerson, password: string): LoggedIn
  asksFor(request: AuthorizeRequest): readonly Asked[]
  /** `scopes`: without those that the person left out. */
  issueCode(request: AuthorizeRequest, person: LoginPerson, scopes: readonly string[]): string
}

/** From the authorize request over login and consent to the redirect that ends it. */
export interface LoginPages {
  /** Null: this is none of its pages. */
  replyTo(request: IncomingMessage, url: URL): Promise<Reply | null>
}

/** Logins that nobody finished are forgotten beyond this. */
const MAX_WAITING = 1_000

interface Waiting {
  readonly request: AuthorizeRequest
  person: LoginPerson | null
}

export function loginPages(options: LoginPagesOptions): LoginPages {
  const { brand } = options
  const waiting = new Map<string, Waiting>()

  function authorize(query: URLSearchParams): Reply {
    const read = options.read(query)
    if (read.kind === 'reply') return read.reply
    if (read.kind === 'page') return refusalPage(read.error)
    if (read.kind === 'redirect') return sendBack(read, read.error)
    const id = randomToken(16)
    waiting.set(id, { request: read, person: null })
    for (const oldest of waiting.keys()) if (waiting.size > MAX_WAITING) waiting.delete(oldest)
    return loginForm(id, read.loginHint, null)
  }

  function login(form: URLSearchParams): Reply {
    const id = form.get('request') ?? ''
    const found = waiting.get(id)
    if (!found) return gone(brand)
    const person = everybody().find((one) => one.id === form.get('login'))
    if (!person) return loginForm(id, null, 'Choose who logs in.')
    const loggedIn = options.logIn(person, form.get('password') ?? '')
    if (loggedIn.kind === 'reply') return loggedIn.reply
    if (loggedIn.kind === 'again') return loginForm(id, person.username, loggedIn.error)
    if (loggedIn.kind !== 'fine') {
      waiting.delete(id)
      return loggedIn.kind === 'page' ? refusalPage(loggedIn.error) : sendBack(found.request, loggedIn.error)
    }
    found.person = person
    return { status: 303, location: `/consent?request=${id}` }
  }

  function ask(query: URLSearchParams): Reply {
    const id = query.get('request') ?? ''
    const { request, person } = waiting.get(id) ?? {}
    if (!request || !person) return gone(brand)
    const group = options.groups().find(({ people }) => people.some((one) => one.id === person.id))
    return {
      status: 200,
      html: consentPage({
        brand,
        action: '/consent',
        hidden: { request: id },
        appName: options.appName,
        username: person.username,
        accountName: group ? `${group.name}${group.kind === 'Sandbox' ? ' (sandbox)' : ''}` : '',
        asksFor: options.asksFor(request),
        takeBack: options.takeBack,
      }),
    }
  }

  function decide(form: URLSearchParams): Reply {
    const id = form.get('request') ?? ''
    const { request, person } = waiting.get(id) ?? {}
    if (!request || !person) return gone(brand)
    waiting.delete(id)
    if (form.get('decision') !== 'allow') return sendBack(request, options.denied)
    const optional = options.asksFor(request).flatMap((asked) => asked.optional ?? [])
    const ticked = form.getAll('scope')
    const scopes = request.scopes.filter((scope) => !optional.includes(scope) || ticked.includes(scope))
    return sendBack(request, { code: options.issueCode(request, person, scopes) })
  }

  function loginForm(id: string, wanted: string | null, error: string | null): Reply {
    const people = everybody()
    const chosen = people.find(({ username }) => username === wanted) ?? people[0]
    const html = loginPage({
      brand,
      action: '/login',
      hidden: { request: id },
      accounts: options.groups().map(({ name, kind, people }) => ({
        name,
        kind,
        users: people.map((person) => ({
          value: person.id,
          username: person.username,
          displayName: person.displayName,
          isChosen: person.id === chosen?.id,
          note: person.isActive ? null : 'deactivated',
        })),
      })),
      password: options.password,
      error,
    })
    return { status: 200, html }
  }

  function everybody(): readonly LoginPerson[] {
    return options.groups().flatMap(({ people }) => people)
  }

  function refusalPage(error: ErrorParameters): Reply {
    const code = Object.entries(error).map(([name, value]) => `${name}=${value}`)
    return { status: 400, html: errorPage(brand, "We can't log you in", options.refusalText, code.join('&')) }
  }

  return {
    async replyTo(request, { pathname, searchParams }) {
      if (pathname === options.authorizePath) return authorize(searchParams)
      if (pathname === '/login') return login(await readForm(request))
      if (pathname === '/consent') return request.method === 'POST' ? decide(await readForm(request)) : ask(searchParams)
      return null
    },
  }
}

function sendBack(to: { redirectUri: string; state: string | null }, parameters: Readonly<Record<string, string>>): Reply {
  const target = new URL(to.redirectUri)
  for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value)
  if (to.state !== null) target.searchParams.set('state', to.state)
  return { status: 302, location: target.href }
}

function gone(brand: LoginBrand): Reply {
  const text = 'This login has been open for too long, or was used already. Go back to where you came from and start again.'
  return { status: 400, html: errorPage(brand, 'Start again', text, 'login request unknown') }
}
