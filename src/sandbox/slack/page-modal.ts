import { objectField, textField } from './json.ts'
import { botAvatar } from './page-avatar.ts'
import { drawBlocks } from './page-blocks.ts'
import { type Html, html } from './page-html.ts'
import type { Viewer } from './page-mrkdwn.ts'

/** The person's modal on top, or nothing. */
export function drawModal(viewer: Viewer): Html {
  const stack = viewer.world.views.get(viewer.person.id) ?? []
  const view = stack.at(-1)
  if (view === undefined) return html``
  const word = (key: string) => textField(objectField(view.source, key), 'text')
  const submit = word('submit')
  return html`<div class="modal-veil"><form class="modal" role="dialog" aria-modal="true" aria-labelledby="modal-title"
      data-target="view" data-view="${view.id}" data-hash="${view.hash}" novalidate>
    <header>${botAvatar()}<h2 id="modal-title">${view.title}</h2>
      <button type="button" class="close" data-do="${stack.length > 1 ? 'close-one' : 'close-all'}" aria-label="Close">${stack.length > 1 ? '‹' : '✕'}</button></header>
    <div class="modal-body">${drawBlocks(viewer, view.blocks, { errors: view.errors, channel: view.channel })}</div>
    <footer><span class="modal-fail" role="alert"></span>
      <button type="button" class="b-button" data-do="close-one">${word('close') ?? (submit === undefined ? 'Close' : 'Cancel')}</button>
      ${submit !== undefined && html`<button type="submit" class="b-button b-primary">${submit}</button>`}</footer>
  </form></div>`
}
