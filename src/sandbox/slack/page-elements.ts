import { initial, optionsOf } from './form-values.ts'
import { isObject, type JsonObject, objectField, objectList, textField } from './json.ts'
import { type Html, html } from './page-html.ts'
import { drawText, type Viewer } from './page-mrkdwn.ts'
import { isMember } from './world.ts'

/** One element and where it stands. */
export interface Field {
  readonly viewer: Viewer
  readonly element: JsonObject
  readonly blockId: string
  readonly isInput: boolean
  /** Slack tells the app of each change (https://docs.slack.dev/reference/block-kit/blocks/input-block, read 2026-11-30). */
  readonly dispatches: boolean
  readonly channel: string | null
}

/** A button, select, input … as a real control. page.client.js reads the `data-` attributes. */
export function drawElement(field: Field): Html {
  switch (String(field.element.type)) {
    case 'button':
      return drawButton(field)
    case 'overflow':
      return drawOverflow(field)
    case 'checkboxes':
      return drawChoices(field, 'checkbox')
    case 'radio_buttons':
      return drawChoices(field, 'radio')
    case 'static_select':
    case 'multi_static_select':
      return drawSelect(
        field,
        optionsOf(field.element).map((option) => [String(option.value), textField(objectField(option, 'text'), 'text') ?? '']),
      )
    case 'users_select':
    case 'multi_users_select':
      return drawSelect(field, peopleOptions(field.viewer))
    case 'conversations_select':
    case 'channels_select':
    case 'multi_conversations_select':
    case 'multi_channels_select':
      return drawSelect(field, channelOptions(field.viewer))
    case 'datepicker':
      return drawTyped(field, 'date')
    case 'timepicker':
      return drawTyped(field, 'time')
    case 'number_input':
      return drawTyped(field, 'number')
    case 'email_text_input':
      return drawTyped(field, 'email')
    case 'url_text_input':
      return drawTyped(field, 'url')
    case 'image':
      return html`<img class="b-thumb" src="${textField(field.element, 'image_url')}" alt="${textField(field.element, 'alt_text')}">`
    default:
      return field.element.multiline === true ? drawArea(field) : drawTyped(field, 'text')
  }
}

function drawButton({ viewer, element, blockId }: Field): Html {
  const style = textField(element, 'style')
  const label = textField(element, 'accessibility_label')
  return html`<button type="button" class="b-button${style === undefined ? '' : ` b-${style}`}" data-act="${textField(element, 'action_id')}"
    data-block="${blockId}" data-value="${textField(element, 'value')}" data-url="${textField(element, 'url')}"
    ${label !== undefined && html`aria-label="${label}"`}
    ${confirmOf(element)}>${drawText(viewer, element.text)}</button>`
}

function confirmOf(element: JsonObject): Html | null {
  if (!isObject(element.confirm)) return null
  const { confirm } = element
  const words = {
    title: textField(objectField(confirm, 'title'), 'text') ?? '',
    text: textField(objectField(confirm, 'text'), 'text') ?? '',
    confirm: textField(objectField(confirm, 'confirm'), 'text') ?? 'Yes',
    deny: textField(objectField(confirm, 'deny'), 'text') ?? 'Cancel',
    style: textField(confirm, 'style') ?? 'primary',
  }
  return html`data-confirm="${JSON.stringify(words)}"`
}

function drawOverflow({ viewer, element, blockId }: Field): Html {
  return html`<details class="b-overflow"><summary aria-label="More actions">⋯</summary><div class="b-menu">
    ${objectList(element.options).map(
      (option) => html`<button type="button" data-act="${textField(element, 'action_id')}" data-block="${blockId}"
        data-selected="${textField(option, 'value')}" data-url="${textField(option, 'url')}" ${confirmOf(element)}>${drawText(viewer, option.text)}</button>`,
    )}</div></details>`
}

/** Attributes by which the client finds a field's name, and tells the app of a change where Slack would. */
function names({ element, blockId, isInput, dispatches }: Field): Html {
  return html`data-field="${isInput ? blockId : textField(element, 'action_id')}" data-block="${blockId}"
    ${dispatches && html`data-change="${textField(element, 'action_id')}" ${confirmOf(element)}`}
    ${isInput && html`aria-labelledby="label-${blockId}"`}`
}

function drawChoices(field: Field, type: 'checkbox' | 'radio'): Html {
  const checked = new Set(initial(field.element, field.channel))
  return html`<div class="b-choices" role="group" ${names(field)}>${objectList(field.element.options).map(
    (
      option,
    ) => html`<label class="b-choice"><input type="${type}" name="${field.blockId}-${textField(field.element, 'action_id')}"
      value="${textField(option, 'value')}" ${checked.has(String(option.value)) && html`checked`}>
      <span>${drawText(field.viewer, option.text)}<small>${drawText(field.viewer, option.description)}</small></span></label>`,
  )}</div>`
}

function drawSelect(field: Field, options: readonly (readonly [string, string])[]): Html {
  const isMulti = String(field.element.type).startsWith('multi_')
  const chosen = new Set(initial(field.element, field.channel))
  const placeholder = textField(objectField(field.element, 'placeholder'), 'text') ?? 'Select an item'
  return html`<span class="b-select"><select ${names(field)} ${isMulti && html`multiple`} ${!field.isInput && html`aria-label="${placeholder}"`}>
    ${!isMulti && html`<option value="">${placeholder}</option>`}
    ${options.map(([value, label]) => html`<option value="${value}" ${chosen.has(value) && html`selected`}>${label}</option>`)}
  </select></span>`
}

function drawTyped(field: Field, type: string): Html {
  const { element } = field
  const max = element.max_length
  return html`<input class="b-text" type="${type}" ${names(field)} value="${initial(element, field.channel)[0]}"
    placeholder="${textField(objectField(element, 'placeholder'), 'text')}" ${typeof max === 'number' && html`maxlength="${max}"`}>`
}

function drawArea(field: Field): Html {
  return html`<textarea class="b-text" rows="4" ${names(field)}
    placeholder="${textField(objectField(field.element, 'placeholder'), 'text')}">${initial(field.element, field.channel)[0]}</textarea>`
}

function peopleOptions({ world }: Viewer): [string, string][] {
  return [...world.people.values()].filter(({ deleted }) => deleted !== true).map(({ id, realName }) => [id, realName])
}

function channelOptions({ world, person }: Viewer): [string, string][] {
  return [...world.channels.values()]
    .filter((channel) => !channel.id.startsWith('D') && channel.isArchived !== true && isMember(world, channel, person.id))
    .map(({ id, name }) => [id, `# ${name}`])
}
