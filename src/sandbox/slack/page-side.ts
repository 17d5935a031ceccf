import { avatar, botAvatar } from './page-avatar.ts'
import { type Html, html } from './page-html.ts'
import type { Viewer } from './page-mrkdwn.ts'
import { type Place, placeLink, visibleChannels } from './page-place.ts'
import type { Person } from './people.ts'

/** Workspace, channels, apps. */
export function drawSidebar(viewer: Viewer, place: Place): Html {
  const { world, person } = viewer
  const link = (at: string, label: Html) =>
    html`<a class="side-link${place.at === at ? ' is-here' : ''}" href="${placeLink({ ...place, at, thread: null })}" ${place.at === at && html`aria-current="page"`}>${label}</a>`
  return html`<div class="side-name">${world.identity.teamName}<small>simulated workspace</small></div>
    <h3>Channels</h3>
    ${visibleChannels(world, person).map((channel) => link(channel.id, html`<i>${channel.isPrivate === true ? '🔒' : '#'}</i>${channel.name}${channel.isArchived === true && html`<small>archived</small>`}`))}
    <h3>Apps</h3>
    ${link('home', html`${botAvatar()}${world.identity.appName}`)}
    ${directLink(viewer, link)}
    <h3>People</h3>
    ${[...world.people.values()].map(
      (
        other,
      ) => html`<a class="side-link side-person${other.id === person.id ? ' is-me' : ''}${other.deleted === true ? ' is-off' : ''}"
      ${other.deleted !== true && html`href="${placeLink({ ...place, as: other.id })}"`}>${avatar(other.id, other.realName)}<span>${other.realName}</span><small>${roleOf(other)}</small></a>`,
    )}`
}

/** What the app has sent to this person alone. */
function directLink({ world, person }: Viewer, link: (at: string, label: Html) => Html): Html | false {
  const direct = world.directs.get(person.id)
  if (direct === undefined || (world.messages.get(direct) ?? []).length === 0) return false
  return link(direct, html`<i>✉</i>Direct messages`)
}

/** Who the viewer is, and whom else the page can be seen as. */
export function drawSwitcher(viewer: Viewer, place: Place): Html {
  const people = [...viewer.world.people.values()].filter(({ deleted }) => deleted !== true)
  return html`<details class="switcher"><summary>${avatar(viewer.person.id, viewer.person.realName)}<span><small>Viewing as</small>${viewer.person.realName}</span></summary>
    <div class="switcher-menu">${people.map(
      (
        person,
      ) => html`<a href="${placeLink({ ...place, as: person.id })}" ${person.id === viewer.person.id && html`aria-current="true"`}>
      ${avatar(person.id, person.realName)}<span>${person.realName}<small>${roleOf(person)} · ${person.tz.replaceAll('_', ' ')}</small></span></a>`,
    )}</div></details>`
}

function roleOf(person: Person): string {
  if (person.deleted === true) return 'deactivated'
  if (person.teamId !== undefined) return 'other company'
  if (person.isOwner === true) return 'owner'
  if (person.isAdmin === true) return 'admin'
  return person.isGuest === true ? 'guest' : 'member'
}
