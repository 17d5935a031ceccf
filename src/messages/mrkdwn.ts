/** Longest piece of foreign text in a message, in characters, where nothing else is said. */
const CAP = 80

/** C0 and C1 controls, line and paragraph separators: become a space. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g
/** Characters that are not seen or turn the direction of what follows (bidi, zero width, tags, fillers): vanish. */
const INVISIBLE = /\p{Cf}|\u034f|\u115f|\u1160|\u17b4|\u17b5|\u3164|\uffa0|[\u{e0000}-\u{e0fff}]/gu
/** A word between colons would be drawn as an emoji; a word joiner after the first colon keeps it text. */
const EMOJI = /:(?=[\w+'-]+:)/g
const FORMATTING: Readonly<Record<string, string>> = { '*': '∗', '~': '∼', '`': 'ˋ' }
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/**
 * Text from outside (a CRM, a person, a provider's answer) as mrkdwn that shows exactly this text: no mention, link, emoji or
 * formatting comes of it, and nothing in it reorders or hides what stands around it. At most `cap` characters are seen, and at
 * most twice as many sent: text that is nothing but brackets is cut earlier.
 */
export function escapeMrkdwn(outside: string, cap: number = CAP): string {
  let escaped = ''
  for (const character of plain(outside, cap)) {
    const next = ENTITIES[character] ?? FORMATTING[character] ?? character
    if (escaped.length + next.length > 2 * cap) {
      escaped += '…'
      break
    }
    escaped += next
  }
  return escaped.replace(EMOJI, ':\u2060')
}

/** The same for plain_text elements, which know neither mrkdwn nor entities. */
export function plain(outside: string, cap: number = CAP): string {
  const clean = outside.replace(CONTROLS, ' ').replace(INVISIBLE, '').replace(/\s+/g, ' ').trim()
  const characters = [...clean]
  return characters.length <= cap
    ? clean
    : `${characters
        .slice(0, cap - 1)
        .join('')
        .trimEnd()}…`
}

/** At most `cap` UTF-16 units, which is how Slack counts, and no character cut in two. */
export function cutTo(text: string, cap: number): string {
  if (text.length <= cap) return text
  let shown = ''
  for (const character of text) {
    if (shown.length + character.length > cap - 1) return `${shown.trimEnd()}…`
    shown += character
  }
  return shown
}

/** Foreign text as code; an empty one is shown as a dash. */
export function code(outside: string, cap: number = CAP): string {
  const text = escapeMrkdwn(outside, cap)
  return text === '' ? '–' : `\`${text}\``
}

/** In the reader's own time zone: "today 9:12 AM". Clients that can't do that show UTC. */
export function date(at: Date): string {
  return `<!date^${Math.floor(at.getTime() / 1000)}^{date_short_pretty} {time}|${utc(at)}>`
}

function utc(at: Date): string {
  const day = at.toLocaleDateString('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' })
  const time = at.toLocaleTimeString('en-GB', { timeZone: 'UTC', hour: '2-digit', minute: '2-digit' })
  return `${day}, ${time} UTC`
}

/** Mentions one person; '' for what is no user id, so that nothing else can ever be mentioned. */
export function mention(userId: string | null): string {
  return userId !== null && /^[UW][A-Z0-9]+$/.test(userId) ? `<@${userId}>` : ''
}

/** People and user groups (`S…`). */
export function mentionAll(ids: readonly string[]): string {
  return ids
    .map((id) => (/^S[A-Z0-9]+$/.test(id) ? `<!subteam^${id}>` : mention(id)))
    .filter(Boolean)
    .join(' ')
}

/** A person by id: shown by Slack as their name. Falls back to the words. */
export function personOr(userId: string | null, words: string): string {
  return mention(userId) || words
}

/** A link that we made ourselves; the label may come from outside. */
export function link(url: string, label: string): string {
  return `<${url.replace(/[<>|\s]/g, encodeURIComponent)}|${escapeMrkdwn(label)}>`
}
