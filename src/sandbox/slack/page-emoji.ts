import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { Message } from 'slack-blocks-to-jsx'

const known = new Map<string, string | null>()

/** The character for `:name:` from the table of slack-blocks-to-jsx, or `null` when there is none. */
export function emojiCharacter(name: string): string | null {
  const seen = known.get(name)
  if (seen !== undefined) return seen
  const found = look(name)
  known.set(name, found)
  return found
}

function look(name: string): string | null {
  const markup = renderToStaticMarkup(
    createElement(Message, {
      blocks: [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'emoji', name }] }] }],
      logo: '',
      name: '',
      withoutWrapper: true,
    }),
  )
  const [, drawn = ''] = /section_element_emoji"[^>]*>([^<]*)</.exec(markup) ?? []
  return drawn === '' || drawn.includes(name) ? null : drawn
}
