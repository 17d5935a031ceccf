import { describe, expect, test } from 'vitest'
import { code, date, escapeMrkdwn, link, mention, mentionAll, plain } from '../../src/messages/mrkdwn.ts'

describe('text from outside', () => {
  test.each([
    ['a mass mention', '<!channel> hi', '&lt;!channel&gt; hi'],
    ['a mention of a person', '<@U0ANARUIZ>', '&lt;@U0ANARUIZ&gt;'],
    ['a link with a false label', '<https://evil.example|Salesforce>', '&lt;https://evil.example|Salesforce&gt;'],
    ['an entity that would become a bracket', '&lt;!here&gt;', '&amp;lt;!here&amp;gt;'],
    ['bold, strike and code', '*Acme* ~x~ `y`', '∗Acme∗ ∼x∼ ˋyˋ'],
    ['lines', 'Acme\n\r\tCorp\u2028Ltd', 'Acme Corp Ltd'],
    ['bidi overrides and zero width', 'ab\u202Ecd\u2066e\u200Bf\u{E0041}', 'abcdef'],
    ['control characters', 'a\u0000b\u001B[31mc\u0085d', 'a b [31mc d'],
    ['blank filler letters', '\u3164\u115F', ''],
  ])('shows %s as it is written', (_what, outside, shown) => {
    expect(escapeMrkdwn(outside)).toBe(shown)
  })

  test('makes no emoji of a word between colons', () => {
    expect(escapeMrkdwn('Acme :key: Corp :+1:')).not.toMatch(/:[\w+-]+:/)
  })

  test('keeps a time as it is', () => {
    expect(escapeMrkdwn('closed at 10:30')).toBe('closed at 10:30')
  })

  test('keeps letters of every script and emoji', () => {
    expect(escapeMrkdwn('Žluťoučký 株式会社 شركة 🚀')).toBe('Žluťoučký 株式会社 شركة 🚀')
  })

  test('is cut at 80 characters without cutting a character in two', () => {
    const shown = plain('🚀'.repeat(100))
    expect([...shown]).toHaveLength(80)
    expect(shown).toBe(`${'🚀'.repeat(79)}…`)
  })

  test('cuts between entities, never within one, and sends at most twice what is seen', () => {
    expect(escapeMrkdwn('&'.repeat(90))).toBe(`${'&amp;'.repeat(32)}…`)
    expect(escapeMrkdwn(`a ${'<'.repeat(10)}`, 12)).toBe(`a ${'&lt;'.repeat(5)}…`)
  })

  test('can not break out of code', () => {
    expect(code('a`b <!here>')).toBe('`aˋb &lt;!here&gt;`')
    expect(code('\u200B')).toBe('–')
  })
})

test('mentions people only', () => {
  expect(mention('U0ANARUIZ')).toBe('<@U0ANARUIZ>')
  expect(mention('W0ENTERPRISE')).toBe('<@W0ENTERPRISE>')
  expect(mention('U1')).toBe('<@U1>')
  for (const bad of ['!channel', 'S0GROUP', 'U', 'U1>x<!here', '', null]) expect(mention(bad)).toBe('')
})

test('writes a date for the reader’s zone with UTC beside it', () => {
  expect(date(new Date('2026-11-23T09:12:30.900Z'))).toBe('<!date^1795425150^{date_short_pretty} {time}|23 Nov 2026, 09:12 UTC>')
})

test('a link’s label and address can not end the link', () => {
  expect(link('https://a.example/x|y>z', 'Acme > <b>|')).toBe('<https://a.example/x%7Cy%3Ez|Acme &gt; &lt;b&gt;|>')
})

test('mentions several people and user groups, and nothing that is neither', () => {
  expect(mentionAll(['U0ANARUIZ', 'S0ONCALL', '!channel', 'C0GENERAL', ''])).toBe('<@U0ANARUIZ> <!subteam^S0ONCALL>')
  expect(mentionAll([])).toBe('')
})
