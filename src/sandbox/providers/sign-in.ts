export interface SignInChoice {
  /** Name of the account on the login page, such as `Acme Inc`. */
  readonly org: string
  readonly username: string
  /** Default true; false presses Deny. */
  readonly allow?: boolean
  /** Scopes whose boxes are unticked on the consent page. */
  readonly without?: readonly string[]
  /** Default: what the page is prefilled with. */
  readonly password?: string
}

/**
 * Walks a fake provider's login pages over HTTP as a browser would, without JavaScript, and returns the address that
 * the browser is sent to in the end: the app's callback with code and state, or with an error.
 * @throws when the provider shows an error instead; the message holds what the page says.
 */
export async function signIn(authorizeUrl: string, choice: SignInChoice): Promise<string> {
  const provider = new URL(authorizeUrl).origin
  let response = await fetch(authorizeUrl, { redirect: 'manual' })
  let hasLoggedIn = false
  for (let step = 0; step < 10; step++) {
    const location = response.headers.get('location')
    if (location) {
      const next = new URL(location, response.url || authorizeUrl)
      if (next.origin !== provider) return next.href
      response = await fetch(next, { redirect: 'manual' })
      continue
    }
    const html = await response.text()
    const form = readForm(html, response.url)
    if (!form || (form.isLogin && hasLoggedIn)) throw new Error(`The login stopped: ${shownError(html)}`)
    hasLoggedIn ||= form.isLogin
    response = await fetch(form.action, { method: 'POST', body: filled(form, choice), redirect: 'manual' })
  }
  throw new Error('The login pages go round in circles')
}

interface Form {
  readonly action: URL
  readonly fields: ReadonlyMap<string, string>
  readonly isLogin: boolean
  readonly boxes: readonly { name: string; value: string }[]
  readonly radios: readonly { value: string; account: string; username: string }[]
}

function filled(form: Form, choice: SignInChoice): URLSearchParams {
  const body = new URLSearchParams([...form.fields])
  if (!form.isLogin) {
    body.set('decision', choice.allow === false ? 'deny' : 'allow')
    for (const box of form.boxes) if (!choice.without?.includes(box.value)) body.append(box.name, box.value)
    return body
  }
  const radio = form.radios.find((one) => one.account === choice.org && one.username === choice.username)
  if (!radio) throw new Error(`The login page offers no ${choice.username} of ${choice.org}`)
  body.set('login', radio.value)
  if (choice.password !== undefined) body.set('password', choice.password)
  return body
}

function readForm(html: string, pageUrl: string): Form | null {
  const action = /<form[^>]*\baction="([^"]*)"/.exec(html)?.[1]
  if (action === undefined) return null
  const inputs = [...html.matchAll(/<input\b[^>]*>/g)].map(([tag]) => attributesOf(tag))
  const radios = inputs.filter((input) => input.get('type') === 'radio')
  const boxes = inputs.filter((input) => input.get('type') === 'checkbox')
  const others = inputs.filter((input) => !radios.includes(input) && !boxes.includes(input))
  return {
    action: new URL(unescapeHtml(action), pageUrl),
    fields: new Map(others.map((input) => [input.get('name') ?? '', input.get('value') ?? ''])),
    isLogin: radios.length > 0,
    boxes: boxes.map((input) => ({ name: input.get('name') ?? '', value: input.get('value') ?? '' })),
    radios: radios.map((input) => ({
      value: input.get('value') ?? '',
      account: input.get('data-account') ?? '',
      username: input.get('data-username') ?? '',
    })),
  }
}

function attributesOf(tag: string): ReadonlyMap<string, string> {
  return new Map([...tag.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, unescapeHtml(value)]))
}

function shownError(html: string): string {
  const main = /<main>([\s\S]*)<\/main>/.exec(html)?.[1] ?? html
  const alert = /role="alert">([\s\S]*?)<\/p>/.exec(main)?.[1]
  return unescapeHtml(
    (alert ?? main)
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  )
}

function unescapeHtml(text: string): string {
  return text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
}
