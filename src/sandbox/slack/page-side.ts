import { avatar, botAvatar } from './page-avatar.ts'
import { type Html, html } from './page-html.ts'
import type { Viewer } from './page-mrkdwn.ts'
import { type Place, placeLink, visibleChannels } from './page-place.ts'
import type { Panel, PanelControl, PanelGroup } from './panel.ts'
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

/** The side panel. Drawn anew after each control, since one may change another. */
export function drawPanel(panel: Panel): Html {
  const sections: { readonly name: string | undefined; readonly groups: PanelGroup[] }[] = []
  for (const group of panel.groups()) {
    const last = sections.at(-1)
    if (last && last.name === group.section) last.groups.push(group)
    else sections.push({ name: group.section, groups: [group] })
  }
  const firstNamed = sections.find(({ name }) => name !== undefined)
  return html`${sections.map((section) => {
    const groups = section.groups.map(drawGroup)
    if (section.name === undefined) return html`${groups}`
    return html`<details class="panel-section" data-name="${section.name}" ${section === firstNamed && html`open`}><summary>${section.name}</summary>${groups}</details>`
  })}`
}

function drawGroup(group: PanelGroup): Html {
  return html`<section class="panel-group"><h3>${group.title}</h3>${group.note !== undefined && html`<p>${group.note}</p>`}
    <div class="panel-controls">${group.controls.map(drawControl)}</div></section>`
}

function drawControl(control: PanelControl): Html {
  const tone = control.tone === 'danger' ? ' is-danger' : ''
  if (control.kind === 'button')
    return html`<button type="button" class="panel-button${tone}" data-panel="${control.id}">${control.label}</button>`
  return html`<button type="button" class="panel-toggle${tone}" role="switch" aria-checked="${control.on === true ? 'true' : 'false'}" data-panel="${control.id}"><span>${control.label}</span><i></i></button>`
}
