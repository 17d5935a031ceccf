import { escapeHtml } from './html.ts'

/** How a fake provider's pages look: plainly not ours, plainly a fake. */
export interface LoginBrand {
  /** `Salesforce` */
  readonly product: string
  /** Two or three letters for the badge; never a real logo. */
  readonly badge: string
  /** CSS colours. */
  readonly accent: string
  readonly backdrop: string
}

interface LoginAccount {
  readonly name: string
  /** `Production`, `Sandbox`. */
  readonly kind: string
  readonly users: readonly LoginUser[]
}

interface LoginUser {
  /** Sent as `login`. */
  readonly value: string
  readonly username: string
  readonly displayName: string
  readonly isChosen: boolean
  /** Shown beside the name, such as `deactivated`. */
  readonly note: string | null
}

export interface LoginForm {
  readonly brand: LoginBrand
  readonly action: string
  readonly hidden: Readonly<Record<string, string>>
  readonly accounts: readonly LoginAccount[]
  readonly password: string
  readonly error: string | null
}

export function loginPage(form: LoginForm): string {
  const accounts = form.accounts.map(
    (account) => `<fieldset><legend>${escapeHtml(account.name)} <span class="kind">${escapeHtml(account.kind)}</span></legend>
${account.users.map((user) => userChoice(account, user)).join('\n')}
</fieldset>`,
  )
  return page(
    form.brand,
    'Log in',
    `<h1>Log in to ${escapeHtml(form.brand.product)}</h1>
<p class="lead">Choose the organization and the user to log in as.</p>
${form.error ? `<p class="error" role="alert">${escapeHtml(form.error)}</p>` : ''}
<form method="post" action="${escapeHtml(form.action)}">
${hiddenInputs(form.hidden)}
${accounts.join('\n')}
<label class="field" for="password">Password</label>
<input class="text" id="password" name="password" type="password" value="${escapeHtml(form.password)}" autocomplete="off">
<button class="primary" type="submit">Log In</button>
</form>`,
  )
}

function userChoice(account: LoginAccount, user: LoginUser): string {
  const note = user.note ? ` <span class="note">${escapeHtml(user.note)}</span>` : ''
  return `<label class="choice"><input type="radio" name="login" required value="${escapeHtml(user.value)}" data-account="${escapeHtml(account.name)}" data-username="${escapeHtml(user.username)}"${user.isChosen ? ' checked' : ''}>
<span class="who"><strong>${escapeHtml(user.displayName)}</strong>${note}<br><span class="username">${escapeHtml(user.username)}</span></span></label>`
}

export interface ConsentForm {
  readonly brand: LoginBrand
  readonly action: string
  readonly hidden: Readonly<Record<string, string>>
  readonly appName: string
  readonly username: string
  readonly accountName: string
  /** What the app asks for, in words; with a box where the person may leave it out. */
  readonly asksFor: readonly { readonly words: string; readonly optional?: string }[]
  /** Where an approval is taken back. */
  readonly takeBack: string
}

export function consentPage(form: ConsentForm): string {
  return page(
    form.brand,
    'Allow access?',
    `<h1>Allow access?</h1>
<p class="lead"><strong>${escapeHtml(form.appName)}</strong> is asking to:</p>
<form method="post" action="${escapeHtml(form.action)}">
<ul class="asks">${form.asksFor.map(askedLine).join('')}</ul>
<p>Do you want to allow access for <strong>${escapeHtml(form.username)}</strong> of <strong>${escapeHtml(form.accountName)}</strong>?</p>
${hiddenInputs(form.hidden)}
<div class="pair">
<button class="secondary" name="decision" value="deny" type="submit">Deny</button>
<button class="primary" name="decision" value="allow" type="submit">Allow</button>
</div>
</form>
<p class="fine">You can take the access back at any time ${escapeHtml(form.takeBack)}.</p>`,
  )
}

function askedLine({ words, optional }: ConsentForm['asksFor'][number]): string {
  if (optional === undefined) return `<li>${escapeHtml(words)}</li>`
  const box = `<input type="checkbox" name="scope" value="${escapeHtml(optional)}" checked>`
  return `<li class="optional"><label>${box} ${escapeHtml(words)}</label></li>`
}

/** An error that the provider shows itself, since it can't or won't send the browser back to the app. */
export function errorPage(brand: LoginBrand, title: string, text: string, code: string): string {
  return page(
    brand,
    title,
    `<h1>${escapeHtml(title)}</h1>
<p class="lead">${escapeHtml(text)}</p>
<p class="code" data-error="${escapeHtml(code)}">${escapeHtml(code)}</p>`,
  )
}

function hiddenInputs(hidden: Readonly<Record<string, string>>): string {
  return Object.entries(hidden)
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('\n')
}

function page(brand: LoginBrand, title: string, main: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><link rel="icon" href="data:,">
<title>${escapeHtml(title)} | ${escapeHtml(brand.product)} (sandbox fake)</title>
<style>:root{--accent:${brand.accent};--backdrop:${brand.backdrop}}${STYLE}</style></head>
<body><header><span class="badge" aria-hidden="true">${escapeHtml(brand.badge)}</span><span class="product">${escapeHtml(brand.product)}</span></header>
<main>${main}</main>
<footer>Fake ${escapeHtml(brand.product)} login, part of the Redkey sandbox. Nothing leaves this machine.</footer>
</body></html>
`
}

const STYLE = `
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;align-items:center;background:var(--backdrop);color:#16325c;font:16px/1.5 "Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;padding:32px 16px 24px}
header{display:flex;align-items:center;gap:12px;margin-bottom:20px}
.badge{display:inline-grid;place-items:center;width:44px;height:44px;border-radius:12px;background:var(--accent);color:#fff;font-weight:700;letter-spacing:.02em}
.product{font-size:22px;font-weight:600}
main{width:100%;max-width:420px;background:#fff;border:1px solid #d8dde6;border-radius:6px;padding:28px 28px 24px;box-shadow:0 2px 6px rgba(22,50,92,.08)}
h1{font-size:22px;line-height:1.3;font-weight:600;margin:0 0 4px}
p{margin:0 0 16px}
.lead{color:#3e5372}
fieldset{border:0;margin:0 0 18px;padding:0;min-width:0}
legend{padding:0;margin-bottom:8px;font-weight:600;font-size:15px}
.kind{display:inline-block;margin-left:6px;padding:1px 8px;border-radius:10px;background:#eef2f8;color:#3e5372;font-size:12px;font-weight:500}
.choice{display:flex;gap:12px;align-items:center;min-height:60px;padding:8px 14px;border:1px solid #c9d1de;border-radius:6px;margin-bottom:8px;cursor:pointer}
.choice:hover{border-color:var(--accent)}
.choice:has(input:checked){border-color:var(--accent);background:#f3f8fe;box-shadow:inset 0 0 0 1px var(--accent)}
.choice input{width:20px;height:20px;flex:none;margin:0;accent-color:var(--accent)}
.who{min-width:0;line-height:1.35}
.username{color:#54698d;font-size:14px;overflow-wrap:anywhere}
.note{color:#a61a14;font-size:13px}
.field{display:block;font-size:14px;margin-bottom:4px;color:#3e5372}
.text{width:100%;min-height:44px;padding:0 12px;border:1px solid #8f9bb0;border-radius:4px;font:inherit;color:inherit;margin-bottom:18px}
button{font:inherit;font-weight:600;min-height:46px;border-radius:4px;cursor:pointer;width:100%;padding:0 16px}
.primary{background:var(--accent);border:1px solid var(--accent);color:#fff}
.primary:hover{filter:brightness(.92)}
.secondary{background:#fff;border:1px solid #8f9bb0;color:#16325c}
.secondary:hover{background:#f4f6f9}
.pair{display:flex;gap:12px}
:focus-visible{outline:3px solid #f2a900;outline-offset:2px}
.asks{margin:0 0 16px;padding:12px 16px 12px 34px;background:#f4f6f9;border-radius:6px}
.asks li{margin:2px 0}
.asks .optional{list-style:none;margin-left:-22px}
.asks .optional label{display:flex;gap:10px;align-items:center;min-height:36px;cursor:pointer}
.asks input{width:18px;height:18px;flex:none;margin:0;accent-color:var(--accent)}
.error{background:#fdecea;border-left:4px solid #c23934;color:#7a1712;padding:10px 14px;border-radius:4px}
.code{font:14px/1.5 ui-monospace,Menlo,Consolas,monospace;background:#f4f6f9;border-radius:4px;padding:10px 12px;overflow-wrap:anywhere;margin:0}
.fine{font-size:13px;color:#54698d;margin:16px 0 0}
footer{margin-top:20px;font-size:13px;color:#54698d;text-align:center;max-width:420px}
@media (max-width:430px){body{padding-top:20px}main{padding:22px 18px 18px}}
`
