import { isObject, type JsonObject, objectField, objectList, textField } from './json.ts'
import { drawElement, type Field } from './page-elements.ts'
import { type Html, html, trusted } from './page-html.ts'
import { layOut } from './page-layout.ts'
import { drawText, type Viewer } from './page-mrkdwn.ts'

/** What the person has already put into fields, and what is wrong with it; by block id. */
export interface FormFacts {
  readonly errors: Readonly<Record<string, string>>
  readonly channel: string | null
}

const NO_FORM: FormFacts = { errors: {}, channel: null }

/** Blocks as Slack shows them: laid out by slack-blocks-to-jsx, texts and controls drawn by the page. */
export function drawBlocks(viewer: Viewer, blocks: readonly JsonObject[], form: FormFacts = NO_FORM): Html {
  return html`<div class="blocks">${blocks.map((block) => drawBlock(viewer, block, form))}</div>`
}

function drawBlock(viewer: Viewer, block: JsonObject, form: FormFacts): Html {
  const field = (element: JsonObject): Field => ({
    viewer,
    element,
    blockId: textField(block, 'block_id') ?? '',
    isInput: block.type === 'input',
    dispatches: block.type !== 'input' || block.dispatch_action === true,
    channel: form.channel,
  })
  switch (block.type) {
    case 'actions':
      return html`<div class="b-actions">${objectList(block.elements).map((element) => drawElement(field(element)))}</div>`
    case 'input':
      return drawInput(viewer, block, field(objectField(block, 'element')), form)
    case 'alert':
      return html`<div class="b-alert b-alert-${textField(block, 'level') ?? 'info'}" role="status">${drawText(viewer, block.text)}</div>`
    case 'section': {
      if (!isObject(block.accessory) || block.accessory.type === 'image') return drawByLibrary(viewer, block)
      return html`<div class="b-with-accessory">${drawByLibrary(viewer, block)}<div class="b-accessory">${drawElement(field(block.accessory))}</div></div>`
    }
    case 'image':
      return isObject(block.slack_file) ? drawPicture(viewer, block) : drawByLibrary(viewer, block)
    default:
      return drawByLibrary(viewer, block)
  }
}

/** A picture that was uploaded, which the library does not know. */
function drawPicture(viewer: Viewer, block: JsonObject): Html {
  const { id, url } = objectField(block, 'slack_file')
  const address = typeof id === 'string' ? `/files/${id}` : String(url)
  return html`<figure class="b-picture">${isObject(block.title) && html`<figcaption>${drawText(viewer, block.title)}</figcaption>`}
    <img src="${address}" alt="${textField(block, 'alt_text')}"></figure>`
}

function drawInput(viewer: Viewer, block: JsonObject, field: Field, form: FormFacts): Html {
  const error = form.errors[field.blockId]
  const optional = block.optional === true ? html` <span class="b-optional">(optional)</span>` : null
  return html`<div class="b-input${error === undefined ? '' : ' has-error'}" data-input="${field.blockId}">
    <div class="b-label" id="label-${field.blockId}">${drawText(viewer, block.label)}${optional}</div>
    ${drawElement(field)}
    <div class="b-error" role="alert">${error}</div>
    ${isObject(block.hint) && html`<div class="b-hint">${drawText(viewer, block.hint)}</div>`}
  </div>`
}

/** The library's layout of the block, with our own texts in it. */
function drawByLibrary(viewer: Viewer, block: JsonObject): Html {
  const layout = layOut(block)
  if (layout === null) return html`<div class="b-unknown">This preview cannot draw a ${String(block.type)} block.</div>`
  return trusted(layout.fill((text) => drawText(viewer, text).html))
}
