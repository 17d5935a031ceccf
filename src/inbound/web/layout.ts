import type { FastifyReply } from 'fastify'
import { type Html, html } from './html.ts'
import { STYLE } from './page-style.ts'

/** One page that a person sees in a browser. */
export interface Page {
  readonly status: number
  readonly look: 'good' | 'bad' | 'plain' | 'ask'
  readonly title: string
  readonly body: readonly Html[]
  readonly facts?: readonly (readonly [label: string, value: Html])[] | undefined
  /** One that asks more than a button does. */
  readonly form?: Html | undefined
  readonly next?: Next | undefined
}

export type Next =
  | { readonly kind: 'link'; readonly href: string; readonly label: string }
  /** A button that posts to the address of the page. */
  | { readonly kind: 'post'; readonly label: string }

/** Complete, without script and without anything from elsewhere. */
export function sendPage(reply: FastifyReply, page: Page): FastifyReply {
  return reply.code(page.status).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(drawPage(page))
}

/** Needs nothing but itself. */
export function drawPage({ look, title, body, facts, form, next }: Page): string {
  const style: Html = { html: STYLE }
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · Redkey</title>
<style>${style}</style>
</head>
<body>
<div class="brand">${icon('plain')}Redkey</div>
<main>
<div class="mark ${look}">${icon(look)}</div>
<h1>${title}</h1>
${body}
${facts ? drawFacts(facts) : []}
${form ?? []}
${next ? drawNext(next) : []}
</main>
<footer>Redkey watches your company's connections and reports in Slack.</footer>
</body>
</html>
`.html
}

function drawFacts(facts: NonNullable<Page['facts']>): Html {
  return html`<dl>${facts.map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>`
}

function drawNext(next: Next): Html {
  if (next.kind === 'post') return html`<form method="post"><button class="button">${next.label}</button></form>`
  return html`<p class="next"><a class="button" href="${next.href}" rel="noreferrer">${next.label}</a></p>`
}

const KEY = 'M21 2l-2 2m0 0l3 3-3.5 3.5-3-3M19 4l-7.6 7.6M7.5 22a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11z'

const PATHS: Readonly<Record<Page['look'], string>> = {
  good: 'M5 13l4.5 4.5L19 7',
  bad: 'M12 6v7m0 4.5v.01',
  plain: KEY,
  ask: KEY,
}

function icon(look: Page['look']): Html {
  return html`<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.25" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="${PATHS[look]}"/></svg>`
}
