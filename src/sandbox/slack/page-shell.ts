import { drawFeed, drawHead, drawThread, threadHead } from './page-feed.ts'
import { type Html, html } from './page-html.ts'
import { drawModal } from './page-modal.ts'
import { drawMrkdwn, type Viewer } from './page-mrkdwn.ts'
import { drawPanel } from './page-panel.ts'
import { type Place, placeName } from './page-place.ts'
import { drawSidebar, drawSwitcher } from './page-side.ts'
import type { Panel } from './panel.ts'

/** What the page says to whoever has never seen it. */
export interface PageWords {
  /** What the composer suggests after the command's name. */
  readonly hints: readonly string[]
  /** What to try first, a step each, as mrkdwn. */
  readonly guide: readonly string[]
}

/** The parts of the page that are drawn anew when something changes, by element id. */
export function drawParts(viewer: Viewer, place: Place, panel: Panel | null): Record<string, string> {
  return {
    sidebar: drawSidebar(viewer, place).html,
    switcher: drawSwitcher(viewer, place).html,
    head: drawHead(viewer, place).html,
    feed: drawFeed(viewer, place).html,
    thread: drawThread(viewer, place)?.html ?? '',
    modal: drawModal(viewer).html,
    panel: panel === null ? '' : drawPanel(panel).html,
  }
}

/** The whole page. What a person types into lies outside the parts, so that an update never takes it away. */
export function drawShell(viewer: Viewer, place: Place, panel: Panel | null, { hints, guide }: PageWords): string {
  const parts = drawParts(viewer, place, panel)
  const part = (id: string): Html => ({ html: parts[id] ?? '' })
  const { world } = viewer
  const hasThread = parts.thread !== ''
  const title = place.at === 'home' ? world.identity.appName : placeName(world, place.at)
  const command = world.identity.commandName
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ${world.identity.teamName}</title>
<link rel="icon" href="/assets/icon.svg"><link rel="stylesheet" href="/assets/blocks.css"><link rel="stylesheet" href="/assets/page.css">
<script src="/assets/page.client.js" type="module"></script></head>
<body data-as="${place.as}" data-at="${place.at}" data-thread="${place.thread}" data-command="${command}" class="${hasThread && 'has-thread'}">
<header class="top"><button type="button" class="top-button" data-toggle="sidebar" aria-label="Channels">☰</button>
  <span class="top-name">${world.identity.teamName}</span><span class="top-note">A simulated Slack, on this machine only</span>
  <div id="switcher">${part('switcher')}</div>
  ${guide.length > 0 && html`<button type="button" class="top-button" data-toggle="guide" aria-label="What to try first" title="What to try first">?</button>`}
  ${panel !== null && html`<button type="button" class="top-button top-panel" data-toggle="panel">⚡ Break things</button>`}</header>
<div class="columns">
  <nav id="sidebar" class="sidebar" aria-label="Channels and apps">${part('sidebar')}</nav>
  <main class="main"><div id="head" class="head">${part('head')}</div>${guide.length > 0 && drawGuide(viewer, guide)}
    <div id="feed" class="feed${place.at === 'home' ? ' feed-home' : ''}" role="log" tabindex="0" aria-label="Messages">${part('feed')}</div>
    ${place.at !== 'home' && drawComposer(viewer, { place, hints, isThread: false })}</main>
  ${
    hasThread &&
    html`<aside class="thread" aria-label="Thread"><div class="head">${threadHead(viewer, place)}</div>
    <div id="thread" class="feed" tabindex="0">${part('thread')}</div>${drawComposer(viewer, { place, hints, isThread: true })}</aside>`
  }
  ${
    panel !== null &&
    html`<aside class="panel" aria-label="Break things"><div class="head"><h2>Break things</h2>
    <button type="button" class="close" data-toggle="panel" aria-label="Close the side panel">✕</button></div><div id="panel">${part('panel')}</div></aside>`
  }
</div>
<div id="modal">${part('modal')}</div><dialog id="confirm"></dialog><div id="toasts" role="status" aria-live="polite"></div>
</body></html>`.html
}

function drawGuide(viewer: Viewer, steps: readonly string[]): Html {
  return html`<aside class="guide" aria-label="What to try first"><ol>${steps.map((step) => html`<li>${drawMrkdwn(viewer, step)}</li>`)}</ol>
    <button type="button" class="close" data-toggle="guide" aria-label="Close what to try first">✕</button></aside>`
}

function drawComposer(
  viewer: Viewer,
  { place, hints, isThread }: { place: Place; hints: readonly string[]; isThread: boolean },
): Html {
  const { world } = viewer
  const channel = world.channels.get(place.at)
  const label = isThread ? 'Reply…' : `Message ${placeName(world, place.at).replace('# ', '#')}`
  const command = world.identity.commandName
  return html`<form class="composer" data-composer="${isThread ? 'thread' : 'channel'}">
    ${!isThread && html`<div class="hints" role="listbox" hidden>${['', ...hints].map((hint) => html`<button type="button" role="option" data-hint="${`${command} ${hint}`.trim()}"><b>${command}</b> ${hint}</button>`)}</div>`}
    <div class="composer-box"><textarea rows="1" name="text" placeholder="${label}" aria-label="${label}" autocomplete="off" ${channel?.isArchived === true && html`disabled`}></textarea>
    <button type="submit" class="send" aria-label="Send">➤</button></div>
    <p class="composer-tip">${isThread ? 'Commands do not work in threads, as in Slack.' : html`Try <kbd>${command}</kbd>`}</p></form>`
}
