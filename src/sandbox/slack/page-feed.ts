import { findMessage, replies, timeline } from './conversation.ts'
import type { Ephemeral, Message } from './message.ts'
import { botAvatar } from './page-avatar.ts'
import { drawBlocks } from './page-blocks.ts'
import { dayLabel, tsDate } from './page-date.ts'
import { type Html, html } from './page-html.ts'
import { drawEphemeral, drawMessage } from './page-message.ts'
import type { Viewer } from './page-mrkdwn.ts'
import { type Place, placeLink, placeName } from './page-place.ts'

const GROUP_WITHIN_S = 300

type Entry = { readonly ts: string; readonly message: Message } | { readonly ts: string; readonly ephemeral: Ephemeral }

/** The messages of the channel, and what only the viewer sees among them. */
export function drawFeed(viewer: Viewer, place: Place): Html {
  if (place.at === 'home') return drawHome(viewer)
  const entries: Entry[] = [
    ...timeline(viewer.world, place.at).map((message) => ({ ts: message.ts, message })),
    ...ephemeralsAt(viewer, place.at, null).map((ephemeral) => ({ ts: ephemeral.ts, ephemeral })),
  ]
  const channel = viewer.world.channels.get(place.at)
  const name = placeName(viewer.world, place.at)
  const intro = html`<div class="feed-intro" data-key="intro"><h2>${name}</h2>
    <p>This is the very beginning of <b>${name}</b>.${channel?.isArchived === true && html` <b>It is archived.</b>`}</p></div>`
  return html`${intro}${drawEntries(viewer, place, sorted(entries), false)}`
}

/** The thread pane: the first message, a count, the replies. `null` when there is no such thread. */
export function drawThread(viewer: Viewer, place: Place): Html | null {
  const root = place.thread === null ? undefined : findMessage(viewer.world, place.at, place.thread)
  if (root === undefined) return null
  const answers = replies(viewer.world, root.channel, root.ts)
  const entries: Entry[] = [
    ...answers.map((message) => ({ ts: message.ts, message })),
    ...ephemeralsAt(viewer, place.at, root.ts).map((ephemeral) => ({ ts: ephemeral.ts, ephemeral })),
  ]
  const count =
    answers.length > 0 &&
    html`<div class="thread-count" data-key="count"><span>${answers.length} ${answers.length === 1 ? 'reply' : 'replies'}</span></div>`
  return html`${drawMessage(viewer, place, root, { inThread: true, isGrouped: false })}${count}${drawEntries(viewer, place, sorted(entries), true)}`
}

function drawEntries(viewer: Viewer, place: Place, entries: readonly Entry[], inThread: boolean): Html[] {
  const now = viewer.world.now()
  let lastDay = ''
  return entries.map((entry, index) => {
    const day = dayLabel(tsDate(entry.ts), viewer.person.tz, now)
    const divider = !inThread && day !== lastDay && html`<div class="day" data-key="day-${day}"><span>${day}</span></div>`
    const isNewDay = day !== lastDay
    lastDay = day
    if ('ephemeral' in entry) return html`${divider}${drawEphemeral(viewer, entry.ephemeral)}`
    const isGrouped = !isNewDay && follows(entries[index - 1], entry.message)
    return html`${divider}${drawMessage(viewer, place, entry.message, { inThread, isGrouped })}`
  })
}

/** Whether the message comes from the author of the one before, within five minutes. */
function follows(before: Entry | undefined, message: Message): boolean {
  if (before === undefined || !('message' in before) || message.broadcast) return false
  const isSame = before.message.user === message.user && !before.message.isTombstone && !before.message.broadcast
  return isSame && Number(message.ts) - Number(before.ts) < GROUP_WITHIN_S
}

function ephemeralsAt({ world, person }: Viewer, channel: string, threadTs: string | null): Ephemeral[] {
  return world.ephemerals.filter((item) => item.user === person.id && item.channel === channel && item.threadTs === threadTs)
}

function sorted(entries: Entry[]): Entry[] {
  return entries.sort((a, b) => Number(a.ts) - Number(b.ts))
}

function drawHome(viewer: Viewer): Html {
  const home = viewer.world.homes.get(viewer.person.id)
  if (home === undefined) {
    return html`<div class="home-empty" data-key="home">${botAvatar()}<h2>This is ${viewer.world.identity.appName}'s Home tab</h2>
      <p>The app has not published anything here yet.</p></div>`
  }
  return html`<div class="home" data-key="home" data-target="home">${drawBlocks(viewer, home.blocks)}</div>`
}

/** The bar above the messages. */
export function drawHead(viewer: Viewer, place: Place): Html {
  const { world } = viewer
  if (place.at === 'home') {
    return html`<h1>${botAvatar()} ${world.identity.appName}</h1><span class="tabs"><b>Home</b></span>`
  }
  const channel = world.channels.get(place.at)
  const members = [...world.people.values()].filter(
    ({ id, deleted }) => deleted !== true && (channel?.members?.includes(id) ?? true),
  )
  const bot =
    channel?.hasBot === false ? html`<span class="head-warn">${world.identity.appName} is not in this channel</span>` : null
  if (channel?.id.startsWith('D') === true)
    return html`<h1>${viewer.world.identity.appName}</h1><span class="head-topic">Only ${viewer.person.realName} sees this</span>`
  return html`<h1>${channel?.isPrivate === true ? '🔒' : '#'} ${channel?.name}</h1><span class="head-topic">${channel?.topic}</span>${bot}
    <span class="head-members" title="${members.map(({ realName }) => realName).join(', ')}">👥 ${members.length}</span>`
}

export function threadHead(viewer: Viewer, place: Place): Html {
  return html`<h2>Thread <small>${placeName(viewer.world, place.at)}</small></h2>
    <a class="close" href="${placeLink({ ...place, thread: null })}" aria-label="Close the thread">✕</a>`
}
