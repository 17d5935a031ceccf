import { replies } from './conversation.ts'
import { type JsonObject, objectList, textField } from './json.ts'
import type { Content, Ephemeral, Message, SharedFile } from './message.ts'
import { avatar, botAvatar } from './page-avatar.ts'
import { drawBlocks } from './page-blocks.ts'
import { clockTime, formatSlackDate, tsDate } from './page-date.ts'
import { type Html, html } from './page-html.ts'
import { drawMrkdwn, type Viewer } from './page-mrkdwn.ts'
import { messageAnchor, type Place, placeLink } from './page-place.ts'

/** A message in the channel or in the thread pane. `isGrouped`: right after one of the same author, so without head. */
export function drawMessage(
  viewer: Viewer,
  place: Place,
  message: Message,
  how: { inThread: boolean; isGrouped: boolean },
): Html {
  const { world } = viewer
  const classes = `msg${how.isGrouped ? ' is-grouped' : ''}${message.isTombstone ? ' is-gone' : ''}`
  if (message.isTombstone) {
    return html`<article class="${classes}" data-key="${message.ts}"><span class="msg-gutter">🗑️</span>
      <div class="msg-body"><p class="msg-gone">This message was deleted.</p>${!how.inThread && threadLink(viewer, place, message)}</div></article>`
  }
  const isBroadcastInChannel = message.broadcast && !how.inThread
  const author = world.people.get(message.user)
  const name = message.byBot ? world.identity.appName : (author?.realName ?? message.user)
  return html`<article id="${messageAnchor(message.ts, how.inThread)}" tabindex="-1" class="${classes}" data-key="${message.ts}" data-target="message" data-channel="${message.channel}" data-ts="${message.ts}">
    <span class="msg-gutter">${message.byBot ? botAvatar() : avatar(message.user, name)}</span>
    <div class="msg-body">
      <header class="msg-head"><b>${name}</b>${message.byBot && html`<span class="msg-app">APP</span>`}${time(viewer, message.ts)}</header>
      ${isBroadcastInChannel && html`<p class="msg-note">replied to <a href="${placeLink({ ...place, thread: message.threadTs })}">a thread</a></p>`}
      ${how.inThread && message.broadcast && html`<p class="msg-note">Also sent to the channel</p>`}
      ${drawContent(viewer, message, message.isMarkedEdited)}${message.files.map(drawFile)}
      ${!how.inThread && threadLink(viewer, place, message)}
    </div>
    ${toolbar(viewer, place, message, how.inThread)}
  </article>`
}

/** What only the viewer sees. */
export function drawEphemeral(viewer: Viewer, ephemeral: Ephemeral): Html {
  return html`<article class="msg is-ephemeral" data-key="${ephemeral.ts}" data-target="message" data-channel="${ephemeral.channel}" data-ts="${ephemeral.ts}">
    <span class="msg-gutter">${botAvatar()}</span>
    <div class="msg-body">
      <p class="msg-only"><svg viewBox="0 0 20 20" aria-hidden="true"><path d="M10 4C5.5 4 2.6 7.6 1.7 9.2a1.6 1.6 0 0 0 0 1.6C2.6 12.4 5.5 16 10 16s7.4-3.6 8.3-5.2a1.6 1.6 0 0 0 0-1.6C17.4 7.6 14.5 4 10 4Zm0 9a3 3 0 1 1 0-6 3 3 0 0 1 0 6Z"/></svg> Only visible to you</p>
      <header class="msg-head"><b>${viewer.world.identity.appName}</b><span class="msg-app">APP</span>${time(viewer, ephemeral.ts)}</header>
      ${drawContent(viewer, ephemeral, false)}
    </div>
    <div class="msg-tools"><button type="button" data-do="dismiss" title="Dismiss">✕</button></div>
  </article>`
}

function drawContent(viewer: Viewer, content: Content, isEdited: boolean): Html {
  const edited = isEdited && html` <span class="msg-edited">(edited)</span>`
  const body =
    content.blocks.length > 0
      ? drawBlocks(viewer, content.blocks)
      : content.text !== '' && html`<div class="m-text">${drawMrkdwn(viewer, content.text)}${edited}</div>`
  return html`${body}${content.attachments.map((attachment) => drawAttachment(viewer, attachment))}`
}

function drawFile({ id, name, title, bytes }: SharedFile): Html {
  return html`<a class="file" href="/files/${id}" download="${name}"><span aria-hidden="true">📄</span><span><b>${title}</b><small>${name} · ${bytes.length.toLocaleString('en-US')} bytes</small></span></a>`
}

const NAMED_COLOURS: Readonly<Record<string, string>> = { good: '#2eb67d', warning: '#ecb22e', danger: '#e01e5a' }

/** A legacy attachment: the coloured bar, and blocks or the old fields. */
function drawAttachment(viewer: Viewer, attachment: JsonObject): Html {
  const given = textField(attachment, 'color') ?? ''
  const hex = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(given)?.[1]
  const colour = NAMED_COLOURS[given] ?? (hex === undefined ? '#dddddd' : `#${hex}`)
  const text = (key: string) => textField(attachment, key)
  const blocks = objectList(attachment.blocks)
  const footer = [text('footer'), attachmentTime(viewer, attachment)].filter((part) => part !== undefined).join(' | ')
  return html`<div class="att"><span class="att-bar" style="background:${colour}"></span><div class="att-body">
    ${text('pretext') !== undefined && html`<div class="m-text">${drawMrkdwn(viewer, text('pretext') ?? '')}</div>`}
    ${text('title') !== undefined && html`<div class="att-title">${text('title')}</div>`}
    ${blocks.length > 0 ? drawBlocks(viewer, blocks) : html`<div class="m-text">${drawMrkdwn(viewer, text('text') ?? '')}</div>`}
    ${objectList(attachment.fields).map((field) => html`<div class="att-field"><b>${textField(field, 'title')}</b><br>${drawMrkdwn(viewer, textField(field, 'value') ?? '')}</div>`)}
    ${footer !== '' && html`<div class="att-footer">${footer}</div>`}
  </div></div>`
}

function attachmentTime(viewer: Viewer, attachment: JsonObject): string | undefined {
  const ts = textField(attachment, 'ts')
  if (ts === undefined) return undefined
  return formatSlackDate('{date_short_pretty} at {time}', tsDate(ts), { tz: viewer.person.tz, now: viewer.world.now() })
}

function time(viewer: Viewer, ts: string): Html {
  const at = tsDate(ts)
  return html`<time class="msg-time" datetime="${at.toISOString()}" title="${at.toISOString()}">${clockTime(at, viewer.person.tz)}</time>`
}

function threadLink(viewer: Viewer, place: Place, message: Message): Html | null {
  const answers = replies(viewer.world, message.channel, message.ts)
  const last = answers.at(-1)
  if (last === undefined) return null
  const at = formatSlackDate('{date_short_pretty} at {time}', tsDate(last.ts), { tz: viewer.person.tz, now: viewer.world.now() })
  const authors = [...new Set(answers.map(({ user }) => user))].slice(0, 3)
  return html`<a class="msg-thread" href="${placeLink({ ...place, thread: message.ts })}">
    ${authors.map((user) => (user === viewer.world.identity.botUserId ? botAvatar() : avatar(user, viewer.world.people.get(user)?.realName ?? user)))}
    <b>${answers.length} ${answers.length === 1 ? 'reply' : 'replies'}</b><span>Last reply ${at}</span></a>`
}

function toolbar(viewer: Viewer, place: Place, message: Message, inThread: boolean): Html {
  const mayDelete = viewer.person.isAdmin === true || message.user === viewer.person.id
  const root = message.threadTs ?? message.ts
  return html`<div class="msg-tools">
    ${!inThread && html`<a href="${placeLink({ ...place, thread: root })}" title="Reply in thread">💬</a>`}
    ${mayDelete && html`<button type="button" data-do="delete" title="Delete message">🗑️</button>`}</div>`
}
