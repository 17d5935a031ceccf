import { type SignInChoice, signIn } from '../../src/sandbox/providers/sign-in.ts'

/** What somebody sees at the end of a link. */
export interface Seen {
  readonly status: number
  readonly text: string
}

/** A browser without JavaScript: keeps cookies, and shows every step of a login. */
export interface Visitor {
  /** One request; redirects are not followed. */
  visit(url: string, init?: RequestInit): Promise<Seen & { readonly location: string | null }>
  /** Follows a link of ours to the provider's login; the address of the login page. `post` for the page behind Connect. */
  depart(link: string, method?: 'GET' | 'POST'): Promise<string>
  /** Values of the cookies that it keeps. */
  cookies(): string[]
  /** Opens a link of ours, says at Slack who it is, and answers with the address that Slack sends the browser back to. */
  signInAs(link: string, userId: string | null): Promise<string>
  /** The same, and back: to the link once more, or to the page that says why not. */
  identify(link: string, userId: string | null): Promise<Seen & { readonly location: string | null }>
  /** Comes back to the callback and follows it to its page. */
  arrive(callback: string): Promise<Seen>
  /** All of it: the link, the login, the page at the end. */
  login(link: string, choice: SignInChoice, method?: 'GET' | 'POST'): Promise<Seen>
}

export function aVisitor(): Visitor {
  const jar = new Map<string, string>()

  async function visit(url: string, init: RequestInit = {}) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { accept: 'text/html', ...(cookie === '' ? {} : { cookie }), ...init.headers }
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) keep(line)
    return { status: response.status, location: response.headers.get('location'), text: shown(await response.text()) }
  }

  function keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (value === '') jar.delete(name)
    else jar.set(name, value)
  }

  async function depart(link: string, method: 'GET' | 'POST' = 'GET'): Promise<string> {
    const { status, location, text } = await visit(link, { method })
    if (location === null) throw new Error(`The link led to no login: ${status} ${text}`)
    return location
  }

  async function arrive(callback: string): Promise<Seen> {
    const { status, location, text } = await visit(callback)
    return location === null ? { status, text } : visit(new URL(location, callback).href)
  }

  const signInAs = async (link: string, userId: string | null) => answerSlack(await depart(link), userId)

  return {
    visit,
    depart,
    cookies: () => [...jar.values()],
    signInAs,
    async identify(link, userId) {
      const callback = await signInAs(link, userId)
      const { location, ...seen } = await visit(callback)
      if (location === null) return { ...seen, location }
      return visit(new URL(location, callback).href)
    },
    arrive,
    login: async (link, choice, method = 'GET') => arrive(await signIn(await depart(link, method), choice)),
  }
}

/** On Slack's own page: says who one is (null: presses Cancel). Answers with the address that Slack leads back to. */
export async function answerSlack(authorizeUrl: string, userId: string | null): Promise<string> {
  const asked = await fetch(authorizeUrl)
  const request = /name="request" value="([^"]*)"/.exec(await asked.text())?.[1]
  if (request === undefined) throw new Error(`Slack asked nobody who they are: ${asked.status} ${authorizeUrl}`)
  const body = new URLSearchParams({ request, user: userId ?? '' })
  const answer = await fetch(new URL(authorizeUrl).origin + new URL(authorizeUrl).pathname, {
    method: 'POST',
    body,
    redirect: 'manual',
  })
  return answer.headers.get('location') ?? ''
}

/** The text of a page, without tags and style. */
function shown(html: string): string {
  return html
    .replace(/<(style|head)[\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/\s+/g, ' ')
    .trim()
}
