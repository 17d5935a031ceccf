import { createHash } from 'node:crypto'

export const STYLE = `
:root { color-scheme: light dark; --back: #f4f2ef; --card: #fff; --line: #e2dfda; --text: #1d1c1d; --soft: #5d5b5e;
  --button: #1264a3; --on-button: #fff; --good: #12764a; --bad: #b3261e; --plain: #6b5d2e; --wash: 12% }
@media (prefers-color-scheme: dark) { :root { --back: #16181b; --card: #212428; --line: #373b40; --text: #f0eff0; --soft: #b3b1b5;
  --button: #6cb6ec; --on-button: #0c1a26; --good: #58c795; --bad: #ff8d85; --plain: #d9c36c; --wash: 18% } }
* { box-sizing: border-box; margin: 0 }
body { min-height: 100vh; min-height: 100dvh; display: flex; flex-direction: column; align-items: center; gap: 1.25rem;
  padding: 1.25rem 1rem 2rem; background: var(--back); color: var(--text);
  font: 1.0625rem/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif }
.brand { display: flex; align-items: center; gap: .5rem; width: 100%; max-width: 34rem; font-weight: 650; letter-spacing: -.01em }
.brand svg { width: 1.5rem; height: 1.5rem; color: var(--bad) }
main { width: 100%; max-width: 34rem; padding: clamp(1.25rem, 5vw, 2.25rem); background: var(--card); border: 1px solid var(--line);
  border-radius: 1rem; box-shadow: 0 1px 2px rgb(0 0 0 / 5%), 0 12px 32px rgb(0 0 0 / 6%) }
.mark { display: grid; place-items: center; width: 3rem; height: 3rem; margin-bottom: 1rem; border-radius: 50%;
  color: var(--tone); background: color-mix(in srgb, var(--tone) var(--wash), transparent) }
.mark svg { width: 1.5rem; height: 1.5rem }
.good { --tone: var(--good) } .bad { --tone: var(--bad) } .plain { --tone: var(--plain) } .ask { --tone: var(--button) }
h1 { font-size: clamp(1.375rem, 5.5vw, 1.75rem); line-height: 1.2; letter-spacing: -.015em; text-wrap: balance; overflow-wrap: anywhere }
p, ul, ol, dl { margin-top: 1rem }
p, li, dd { overflow-wrap: anywhere }
ul, ol { padding-left: 1.35rem } li + li { margin-top: .4rem }
dl { display: grid; grid-template-columns: auto 1fr; gap: .35rem 1.25rem; padding: .9rem 1rem; background: var(--back); border-radius: .6rem }
dt { color: var(--soft) } dd { font-weight: 550 }
code { padding: .1em .35em; background: var(--back); border: 1px solid var(--line); border-radius: .3em; font-size: .9em }
form, .next { margin-top: 1.5rem }
.button { display: inline-block; width: 100%; padding: .8rem 1.25rem; border: 0; border-radius: .6rem; background: var(--button);
  color: var(--on-button); font: inherit; font-weight: 650; text-align: center; text-decoration: none; cursor: pointer }
.quiet { background: none; color: var(--button); box-shadow: inset 0 0 0 1px var(--line) }
.stack { display: grid; grid-template-columns: minmax(0, 1fr); gap: .75rem } .stack .button { width: 100%; overflow-wrap: anywhere } .stack + .stack { margin-top: .75rem }
.search { display: flex; gap: .5rem } .search .button { width: auto }
input[type=search] { flex: 1; min-width: 0; padding: .7rem .9rem; border: 1px solid var(--line); border-radius: .6rem;
  background: var(--back); color: var(--text); font: inherit }
.accounts { padding: 0; list-style: none } .accounts li + li { margin-top: .5rem }
.accounts label, .taken { display: flex; gap: .85rem; align-items: center; min-height: 3.25rem; padding: .55rem .9rem;
  border: 1px solid var(--line); border-radius: .6rem } .accounts label { cursor: pointer }
.accounts label:has(:checked) { border-color: var(--button) } .taken { color: var(--soft); background: var(--back) }
.accounts input { flex: none; width: 1.3rem; height: 1.3rem; accent-color: var(--button) }
.accounts strong, .accounts small { display: block } .accounts small { color: var(--soft); font-size: .9375rem }
.alert { padding: .8rem 1rem; border-left: 4px solid var(--bad); border-radius: .3rem; background: var(--back) }
.last { position: sticky; bottom: 0; margin-top: 1rem; padding: .75rem 0; background: var(--card) }
.button:hover { filter: brightness(1.08) }
:focus-visible { outline: 3px solid color-mix(in srgb, var(--button) 55%, transparent); outline-offset: 3px }
.soft, footer { color: var(--soft); font-size: .9375rem }
footer { max-width: 34rem; text-align: center; font-size: .875rem }
a { color: var(--button) }
@media (min-width: 36rem) { body { padding-top: clamp(1.25rem, 8vh, 5rem) } .button { width: auto } }
@media (max-width: 36rem) { dl { grid-template-columns: 1fr; gap: 0 } dd + dt { margin-top: .5rem } dt { font-size: .9375rem } }
`

/** What the content security policy lets through: this style and no other. */
export const STYLE_SOURCE = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`
