import { type Html, html } from './page-html.ts'
import type { Person } from './people.ts'
import type { Identity } from './world.ts'

/** Who is it? Real Slack knows from its own cookie, and asks once whether the app may hear it. */
export function choicePage(identity: Identity, people: readonly Person[], request: string): string {
  return page(
    'Sign in with Slack',
    html`<h1>Sign in to ${identity.appName} with Slack</h1>
<p><strong>${identity.appName}</strong> wants to know who you are in <strong>${identity.teamName}</strong>. Who are you?</p>
<form method="post" action="/openid/connect/authorize"><input type="hidden" name="request" value="${request}">
${people.map((person) => html`<button name="user" value="${person.id}"><strong>${person.realName}</strong> <span>@${person.name}${note(identity, person)}</span></button>`)}
<button class="quiet" name="user" value="">Cancel</button></form>`,
  )
}

export function refusalPage(error: string): string {
  return page(
    'Something went wrong',
    html`<h1>Something went wrong</h1><p>Slack refuses this request:</p><p><code>${error}</code></p>`,
  )
}

function note({ teamId }: Identity, person: Person): string {
  if (person.teamId !== undefined && person.teamId !== teamId) return ', another company'
  if (person.isGuest === true) return ', guest'
  return person.isAdmin === true ? ', admin' : ''
}

function page(title: string, main: Html): string {
  const style: Html = { html: STYLE }
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><link rel="icon" href="data:,"><title>${title} (sandbox fake)</title><style>${style}</style></head>
<body><main>${main}</main><footer>A simulated Slack, part of the Redkey sandbox. Nothing leaves this machine.</footer></body></html>
`.html
}

const STYLE = `
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;align-items:center;gap:20px;padding:32px 16px;background:#3f0e40;color:#1d1c1d;font:16px/1.5 Lato,"Segoe UI",Roboto,Arial,sans-serif}
main{width:100%;max-width:420px;padding:28px;background:#fff;border-radius:8px}
h1{margin:0 0 8px;font-size:22px;line-height:1.3}
p{margin:0 0 16px}
form{display:grid;gap:8px}
button{min-height:52px;padding:8px 14px;border:1px solid #bbb;border-radius:6px;background:#fff;color:inherit;font:inherit;text-align:left;cursor:pointer}
button:hover{border-color:#611f69;background:#f9f4fa}
button span{color:#616061;font-size:14px}
.quiet{border-color:transparent;color:#616061;text-align:center}
:focus-visible{outline:3px solid #1d9bd1;outline-offset:2px}
code{overflow-wrap:anywhere}
footer{max-width:420px;color:#e8dcea;font-size:13px;text-align:center}
`
