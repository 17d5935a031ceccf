import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { type Block, Message } from 'slack-blocks-to-jsx'
import { isObject, type JsonObject } from './json.ts'

/** A block as HTML with holes where its texts belong. */
export interface Layout {
  fill(draw: (text: JsonObject) => string): string
}

/** Blocks are never changed in place, so a layout stays good as long as its block lives. */
const layouts = new WeakMap<JsonObject, Layout | null>()

/**
 * The block laid out by slack-blocks-to-jsx, without interactive accessories. `null` when the library cannot draw it,
 * so that one odd block does not break the page.
 */
export function layOut(block: JsonObject): Layout | null {
  const known = layouts.get(block)
  if (known !== undefined) return known
  const layout = render(block)
  layouts.set(block, layout)
  return layout
}

function render(block: JsonObject): Layout | null {
  const texts: JsonObject[] = []
  const marked = markTexts(block, (text) => `\uE000${texts.push(text) - 1}\uE001`)
  try {
    const markup = renderToStaticMarkup(
      createElement(Message, { blocks: [asLibraryBlock(marked)], logo: '', name: '', withoutWrapper: true, theme: 'light' }),
    )
      .replaceAll(/<link rel="preload"[^>]*>/g, '')
      .replaceAll(' id="slack_blocks_to_jsx"', '')
      .replaceAll(/<p>(?:<span>)*(\uE000\d+\uE001)(?:<\/span>)*<\/p>/g, '<div class="m-text">$1</div>')
    return {
      fill: (draw) =>
        markup.replaceAll(/\uE000(\d+)\uE001/g, (_, index) => {
          const text = texts[Number(index)]
          return text === undefined ? '' : draw(text)
        }),
    }
  } catch {
    return null // the library throws on what it does not know; the page then names the block
  }
}

/** The validator has let the block pass; the library's types say the same thing in other words. */
function asLibraryBlock(block: JsonObject): Block {
  return block as unknown as Block
}

/** A copy in which each text object says `mark(text)`. Block ids go (they would become element ids), and so do controls. */
function markTexts(value: JsonObject, mark: (text: JsonObject) => string): JsonObject {
  if ((value.type === 'plain_text' || value.type === 'mrkdwn') && typeof value.text === 'string') {
    return { type: 'plain_text', text: mark(value) }
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => key !== 'block_id' && !(key === 'accessory' && isObject(inner) && inner.type !== 'image'))
      .map(([key, inner]) => [key, markInside(inner, mark)]),
  )
}

function markInside(value: unknown, mark: (text: JsonObject) => string): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => markInside(item, mark))
  return isObject(value) ? markTexts(value, mark) : value
}
