import { expect, test } from 'vitest'
import { formatSlackDate } from '../../../src/sandbox/slack/page-date.ts'
import { drawMrkdwn, drawPlain, type Viewer } from '../../../src/sandbox/slack/page-mrkdwn.ts'
import { DEFAULT_CHANNELS, DEFAULT_PEOPLE } from '../../../src/sandbox/slack/people.ts'
import { createWorld } from '../../../src/sandbox/slack/world.ts'

const NOW = new Date('2026-11-23T15:00:00Z')
const [ana, ben] = DEFAULT_PEOPLE as [Viewer['person'], Viewer['person']]
const world = createWorld({
  identity: {
    teamId: 'T',
    teamName: 'Acme',
    teamDomain: 'acme',
    appId: 'A',
    appName: 'Redkey',
    botId: 'B',
    botUserId: 'U0BOT',
    commandName: '/c',
  },
  people: DEFAULT_PEOPLE,
  channels: DEFAULT_CHANNELS,
  groups: [],
  tokens: { bot: 'b', app: 'a', scopes: [], botRefusal: null },
  now: () => NOW,
})
/** Without tags, so that what is read remains. */
const read = (text: string) => drawMrkdwn({ world, person: ana }, text).html.replaceAll(/<[^>]+>/g, '')
const draw = (text: string) => drawMrkdwn({ world, person: ana }, text).html

test.each([
  ['*bold* and _it_ and ~no~', '<strong>bold</strong> and <em>it</em> and <s>no</s>'],
  ['2*3*4 snake_case_name a~b~c', '2*3*4 snake_case_name a~b~c'],
  ['* not bold * either', '* not bold * either'],
  ['a\nb', 'a<br>b'],
  ['&gt; said\nI', '<blockquote class="m-quote">said</blockquote>I'],
  ['12:30:45', '12:30:45'],
  [':not_an_emoji:', ':not_an_emoji:'],
  ['&amp;lt;b&amp;gt;', '&amp;lt;b&amp;gt;'],
])('%j is drawn as %j', (text, markup) => {
  expect(draw(text)).toBe(markup)
})

test('names, channels and emoji are drawn', () => {
  expect(read(`<@${ben.id}> in <#C0GENERAL> <!channel> :key: :red_circle:`)).toBe('@Ben Okafor in #general @channel 🔑 🔴')
  expect(draw('<!here>')).toContain('m-loud')
})

test.each(['&lt;!channel&gt;', '&lt;@U0BENOKAFOR&gt;', '`<!channel>`', '```<!channel>```'])('%j pings nobody', (text) => {
  expect(draw(text)).not.toContain('m-mention')
})

test.each([
  '<script>alert(1)</script>',
  '&lt;script&gt;',
  '<https://x.y/"onclick=1|<b>>',
  '<javascript:alert(1)|x>',
  '`<img src=x>`',
])('%j makes no element of its own and no script', (text) => {
  const markup = draw(text)
  expect(markup).not.toMatch(/<(script|img|b)\b/)
  expect(markup).not.toMatch(/href="javascript:/)
  expect(markup).not.toMatch(/<[^>]*\sonclick=/)
})

test('links lead where they say', () => {
  expect(draw('<https://x.y/?a=1&amp;b=2|here>')).toContain('href="https://x.y/?a=1&amp;b=2"')
  expect(draw('see https://x.y/z.')).toContain('href="https://x.y/z"')
  expect(drawMrkdwn({ world, person: ana }, 'https://x.y', true).html).toBe('https://x.y')
})

test('plain text knows emoji and nothing else', () => {
  expect(drawPlain('*a* <!channel> &lt;b&gt;').html).toBe('*a* &lt;!channel&gt; &lt;b&gt;')
  expect(drawPlain(':key:').html).toContain('🔑')
  expect(drawPlain(':key:', false).html).toBe(':key:')
})

test('dates are told in the time zone of whoever looks', () => {
  const token = `<!date^${Date.parse('2026-11-23T04:30:00Z') / 1000}^{date_short_pretty} at {time}|then>`
  expect(read(token)).toBe('yesterday at 11:30 PM')
  expect(drawMrkdwn({ world, person: ben }, token).html).toContain('today at 4:30 AM')
})

test.each([
  ['{date_num}', '2026-11-20'],
  ['{date}', 'November 20th, 2026'],
  ['{date_long}', 'Friday, November 20th, 2026'],
  ['{date_short}', 'Nov 20, 2026'],
  ['{time_secs}', '3:00:00 PM'],
  ['{ago}', '3 days ago'],
  ['{nonsense}', '{nonsense}'],
])('%s', (format, shown) => {
  expect(formatSlackDate(format, new Date('2026-11-20T15:00:00Z'), { tz: 'UTC', now: NOW })).toBe(shown)
})
