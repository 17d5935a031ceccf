/** Walks somebody else's login pages over HTTP: keeps cookies, presses the first button of each page, until they lead to `redirectUri`. */
export async function walk(authorizeUrl: string, redirectUri: string, typed: Readonly<Record<string, string>>): Promise<URL> {
  const cookies = new Map<string, string>()
  let at = new URL(authorizeUrl)
  let body: URLSearchParams | null = null
  for (let step = 0; step < 12; step++) {
    const headers = { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
    const response = await fetch(at, { method: body ? 'POST' : 'GET', body, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    const location = response.headers.get('location')
    if (location !== null) {
      at = new URL(location, at)
      body = null
      if (at.href.startsWith(redirectUri)) return at
      continue
    }
    const page = await response.text()
    const [, action] = /<form[^>]*\baction="([^"]*)"/.exec(page) ?? []
    if (action === undefined) throw new Error(`${at.pathname} answered ${response.status}: ${page.slice(0, 300)}`)
    const form = /<form[\s\S]*?<\/form>/.exec(page)?.[0] ?? ''
    const inputs = [...form.matchAll(/<input\b[^>]*>/g)].map(
      ([tag]) => [attribute(tag, 'name'), attribute(tag, 'value')] as const,
    )
    body = new URLSearchParams(inputs.map(([name, value]): [string, string] => [name, typed[name] ?? value]))
    at = new URL(unescaped(action), at)
  }
  throw new Error('the login pages go round in circles')
}

function attribute(tag: string, name: string): string {
  return unescaped(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '')
}

function unescaped(text: string): string {
  return text
    .replace(/&#x2F;/g, '/')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
}
