import { isObject, textField } from './json.ts'
import { formatSlackDate } from './page-date.ts'
import { emojiCharacter } from './page-emoji.ts'
import { escapeHtml, type Html, html, trusted } from './page-html.ts'
import type { Person } from './people.ts'
import type { World } from './world.ts'

/** Who looks at the page, and what the names in it mean. */
export interface Viewer {
  readonly world: World
  readonly person: Person
}

/*
 * Slack's own text rules instead of slack-blocks-to-jsx's parser, which (1.1.1) turns an escaped `&lt;!channel&gt;`
 * into a mention, reads mrkdwn in plain_text, and swallows the colons of 12:30:45.
 */

/** Marks the place of finished HTML in text that is still being worked on. */
const OPEN = '\uE100'
const CLOSE = '\uE101'
const KEPT = /\uE100(\d+)\uE101/g

/** `mrkdwn` as Slack draws it. `verbatim` leaves bare addresses unlinked. */
export function drawMrkdwn(viewer: Viewer, text: string, verbatim = false): Html {
  const kept: string[] = []
  const keep = (markup: Html) => `${OPEN}${kept.push(markup.html) - 1}${CLOSE}`
  let rest = text.replaceAll(/[\uE000-\uE1FF]/g, '')
  rest = rest.replaceAll(/```\n?([\s\S]+?)```\n?/g, (_, code: string) => keep(html`<pre class="m-pre">${plain(code)}</pre>`))
  rest = rest.replaceAll(/`([^`\n]+)`/g, (_, code: string) => keep(html`<code class="m-code">${plain(code)}</code>`))
  rest = rest.replaceAll(/<([^<>\n]+)>/g, (_, inside: string) => keep(drawToken(viewer, inside)))
  if (!verbatim)
    rest = rest.replaceAll(/\bhttps?:\/\/[^\s<>|*~_\uE100]+[^\s<>|*~_.,;:!?)\uE100]/g, (url) =>
      keep(drawLink(plain(url), plain(url))),
    )
  rest = drawEmoji(rest, keep)
  const styled = quoteLines(style(escapeHtml(plain(rest))))
  return trusted(restore(styled, kept))
}

/** `plain_text`: nothing is special but emoji, unless `emoji` is false. */
export function drawPlain(text: string, emoji = true): Html {
  const kept: string[] = []
  const keep = (markup: Html) => `${OPEN}${kept.push(markup.html) - 1}${CLOSE}`
  const clean = text.replaceAll(/[\uE000-\uE1FF]/g, '')
  return trusted(restore(escapeHtml(plain(emoji ? drawEmoji(clean, keep) : clean)).replaceAll('\n', '<br>'), kept))
}

/** A text object; nothing when it is none. */
export function drawText(viewer: Viewer, value: unknown): Html {
  if (!isObject(value)) return html``
  const text = textField(value, 'text') ?? ''
  return value.type === 'mrkdwn' ? drawMrkdwn(viewer, text, value.verbatim === true) : drawPlain(text, value.emoji !== false)
}

/** Slack's three escapes undone; what comes out is not HTML yet. */
function plain(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}

/** Kept pieces may hold kept pieces: a link whose label has an emoji. */
function restore(markup: string, kept: readonly string[]): string {
  let result = markup
  for (let depth = 0; depth < 4 && result.includes(OPEN); depth += 1) {
    result = result.replaceAll(KEPT, (_, index) => kept[Number(index)] ?? '')
  }
  return result
}

function drawToken(viewer: Viewer, inside: string): Html {
  const [target = '', ...labels] = inside.split('|')
  const label = labels.join('|')
  if (target.startsWith('@')) return drawPerson(viewer, target.slice(1), label)
  if (target.startsWith('#')) {
    const channel = viewer.world.channels.get(target.slice(1))
    return html`<span class="m-mention m-channel">#${channel?.name ?? plain(label || target.slice(1))}</span>`
  }
  if (target.startsWith('!date^')) return drawDate(viewer, target, label)
  if (target.startsWith('!subteam^')) {
    const group = viewer.world.groups.find(({ id }) => id === target.slice('!subteam^'.length))
    return html`<span class="m-mention">@${group?.handle ?? plain(label || target)}</span>`
  }
  if (target.startsWith('!'))
    return html`<span class="m-mention m-loud">@${plain(label || target.slice(1)).replace(/^@/, '')}</span>`
  if (/^(https?:|mailto:|tel:)/i.test(target))
    return drawLink(plain(target), plain(label === '' ? target.replace(/^mailto:/, '') : label))
  return html`${plain(`<${inside}>`)}`
}

function drawPerson(viewer: Viewer, id: string, label: string): Html {
  const isMe = id === viewer.person.id
  const name =
    viewer.world.people.get(id)?.realName ?? (id === viewer.world.identity.botUserId ? viewer.world.identity.appName : null)
  return html`<span class="m-mention${isMe ? ' m-loud' : ''}">@${name ?? plain(label || id)}</span>`
}

function drawDate(viewer: Viewer, target: string, fallback: string): Html {
  const [, seconds = '', format = '', link = ''] = target.split('^')
  const at = new Date(Number(seconds) * 1000)
  if (Number.isNaN(at.getTime())) return html`${plain(fallback)}`
  const shown = formatSlackDate(plain(format), at, { tz: viewer.person.tz, now: viewer.world.now() })
  const time = html`<time datetime="${at.toISOString()}" title="${at.toISOString()}">${shown}</time>`
  return /^https?:/i.test(link)
    ? html`<a class="m-link" href="${plain(link)}" target="_blank" rel="noreferrer noopener">${time}</a>`
    : time
}

function drawLink(url: string, label: string): Html {
  return html`<a class="m-link" href="${url}" target="_blank" rel="noreferrer noopener">${drawPlain(label)}</a>`
}

function drawEmoji(text: string, keep: (markup: Html) => string): string {
  return text.replaceAll(/:([a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?/g, (typed, name: string) => {
    const character = emojiCharacter(name)
    return character === null ? typed : keep(html`<span class="m-emoji" title=":${name}:">${character}</span>`)
  })
}

/** Bold, italic, strike; a mark counts only at the edge of a word, as in Slack. */
function style(escaped: string): string {
  const marks: [string, string][] = [
    ['\\*', 'strong'],
    ['_', 'em'],
    ['~', 's'],
  ]
  return marks.reduce(
    (text, [mark, tag]) =>
      text.replaceAll(
        new RegExp(
          `(?<![\\p{L}\\p{N}${mark}])${mark}(?=[^\\s${mark}])([^\\n]*?[^\\s${mark}])${mark}(?![\\p{L}\\p{N}${mark}])`,
          'gu',
        ),
        `<${tag}>$1</${tag}>`,
      ),
    escaped,
  )
}

function quoteLines(styled: string): string {
  const lines = styled.split('\n').map((line) => ({ isQuote: line.startsWith('&gt;'), line: line.replace(/^&gt; ?/, '') }))
  let result = ''
  for (const [index, { isQuote, line }] of lines.entries()) {
    const before = lines[index - 1]?.isQuote ?? false
    if (isQuote && !before) result += '<blockquote class="m-quote">'
    else if (!isQuote && before) result += '</blockquote>'
    else if (index > 0) result += '<br>'
    result += line
  }
  return lines.at(-1)?.isQuote ? `${result}</blockquote>` : result
}
