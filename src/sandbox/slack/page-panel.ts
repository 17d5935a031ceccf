import { type Html, html } from './page-html.ts'
import type { Panel, PanelControl, PanelGroup } from './panel.ts'

/**
 * The side panel. Drawn anew after each control, since one may change another. Of the sections, and of the groups of one, the browser
 * keeps one open at a time (they share a `name`); `data-name` is what the script knows them by.
 */
export function drawPanel(panel: Panel): Html {
  const groups = panel.groups()
  const sections = [...new Set(groups.map(({ section }) => section))].filter((section) => section !== undefined)
  return html`${groups.filter(({ section }) => section === undefined).map(drawOpenGroup)}
    ${sections.map((section) =>
      drawSection(
        section,
        groups.filter((group) => group.section === section),
      ),
    )}`
}

function drawSection(section: string, groups: readonly PanelGroup[]): Html {
  return html`<details class="panel-section" name="panel" data-name="${section}"><summary>${section}${drawCount(groups)}</summary>
    ${groups.map((group) => drawFoldedGroup(section, group))}</details>`
}

function drawOpenGroup(group: PanelGroup): Html {
  return html`<section class="panel-group"><h3>${group.title}</h3>${drawControls(group)}</section>`
}

function drawFoldedGroup(section: string, group: PanelGroup): Html {
  return html`<details class="panel-group" name="panel ${section}" data-name="${section} › ${group.title}">
    <summary>${group.title}${drawCount([group])}</summary>${drawControls(group)}</details>`
}

/** How many toggles somebody has changed and may have forgotten. */
function drawCount(groups: readonly PanelGroup[]): Html | false {
  const count = groups.flatMap(({ controls }) => controls).filter(({ isChanged }) => isChanged === true).length
  return count > 0 && html` <span class="panel-count">${count} changed</span>`
}

function drawControls({ note, controls }: PanelGroup): Html {
  return html`${note !== undefined && html`<p>${note}</p>`}<div class="panel-controls">${controls.map(drawControl)}</div>`
}

function drawControl(control: PanelControl): Html {
  const tone = control.tone === 'danger' ? ' is-danger' : ''
  if (control.kind === 'button')
    return html`<button type="button" class="panel-button${tone}" data-panel="${control.id}">${control.label}</button>`
  return html`<button type="button" class="panel-toggle${tone}" role="switch" aria-checked="${control.on === true ? 'true' : 'false'}" data-panel="${control.id}"><span>${control.label}</span><i></i></button>`
}
