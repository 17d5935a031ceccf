import { describe, expect, test } from 'vitest'
import { HOUR_MS } from '../../src/clock.ts'
import type { LooseFacts } from '../../src/domain/cards/card.ts'
import type { Digest, UptimeRow } from '../../src/domain/digest/digest.ts'
import type { Named } from '../../src/domain/warnings/warning.ts'
import { uptimeChart } from '../../src/messages/charts/uptime-chart.ts'
import { uptimeLines } from '../../src/messages/charts/uptime-lines.ts'
import { adviceWords, causeWords, ordinal } from '../../src/messages/digest/advice.ts'
import { percent } from '../../src/messages/digest/uptime-words.ts'
import { renderCard } from '../../src/messages/render-card.ts'
import { checkBlocks, isTextTooLong } from '../../src/sandbox/slack/blocks.ts'
import { aLooseCard, aMessage, buttons, LOOK, visible } from './a-card.ts'
import { ACME, aBreak, aDigest, aDownRow, aRow, hour, nothing, out, UNTIL } from './a-digest.ts'

const BAD = `<!channel> <@U0EVIL> <https://evil.example|x> \u202E:skull: & ${'<'.repeat(400)}`
/** A week in which everything happened, with these names. */
function aBadWeek(named: Named, text: string): Digest {
  const names = { connections: [named, named, named], others: 9_997 }
  const list = { first: Array.from({ length: 5 }, () => aBreak({ ...names, closedBy: text })), others: 40 }
  return aDigest({
    uptime: {
      connections: 10_000,
      worked: 12,
      rows: { first: Array.from({ length: 10 }, () => aDownRow(named)), others: 9_990 },
      silences: [{ provider: 'Salesforce', connections: 4_000, ms: 9 * HOUR_MS }],
    },
    breaks: {
      count: 45,
      open: 3,
      list: { ...list, first: [aBreak({ ...names, closedAt: null, closedHow: null, closedBy: null }), ...list.first.slice(1)] },
      logins: { count: 40, medianMs: 2 * HOUR_MS, longestMs: 30 * HOUR_MS },
      by: { first: Array.from({ length: 5 }, () => ({ name: text, count: 3 })), others: 12 },
    },
    touchpoints: { since: hour(0), pushed: 1_284_000, superseded: 12, rejected: 7, waiting: 3, uncounted: 2 },
    costs: {
      accounts: 4_000,
      whole: 3_990,
      amounts: ['EUR', 'USD', 'GBP', text].map((currency) => ({ currency, amount: '9007199254740993.123456' })),
      incomplete: {
        first: Array.from({ length: 4 }, () => ({ ...named, provider: 'Meta', wholeDays: 5, lostDays: 1 })),
        others: 6,
      },
    },
    endings: {
      first: Array.from({ length: 5 }, () => ({ kind: 'login' as const, provider: 'Meta', endsAt: hour(500), ...names })),
      others: 95,
    },
    recurrences: {
      first: Array.from({ length: 3 }, () => ({
        ...names,
        provider: 'Salesforce',
        times: 4,
        causes: [
          { kind: 'authorization' as const, cause: 'revoked', times: 3 },
          { kind: 'authorization' as const, cause: text, times: 1 },
        ],
      })),
      others: 2,
    },
  })
}

const facts = (digest: Digest, over: Partial<LooseFacts> = {}) =>
  aLooseCard({ message: aMessage({ kind: 'digest', connectionId: null, outageId: null }), digest, now: UNTIL, ...over })
const rendered = (digest: Digest, over: Partial<LooseFacts> = {}) => renderCard(facts(digest, over), LOOK)

describe('a week in which nothing happened', () => {
  test('is one line', () => {
    const message = rendered(aDigest())
    expect(message.text).toBe('✅ All 6 connections worked all week.')
    expect(visible(message)).toBe(':white_check_mark: *All 6 connections worked all week.*')
  })

  test('says in that line what went through and what was spent', () => {
    const { text } = rendered(
      aDigest({
        touchpoints: { since: hour(0), pushed: 1284, superseded: 3, rejected: 0, waiting: 0, uncounted: 0 },
        costs: { accounts: 2, whole: 2, amounts: [{ currency: 'EUR', amount: '12345.678901' }], incomplete: nothing },
      }),
    )
    expect(text).toBe('✅ All 6 connections worked all week. 1,284 touchpoints were pushed. Costs are complete: 12,345.67 EUR.')
  })

  test('names what ends next all the same', () => {
    const endings = {
      first: [{ kind: 'login' as const, provider: 'Meta', connections: [ACME], others: 0, endsAt: hour(168 + 12 * 24) }],
      others: 0,
    }
    const message = rendered(aDigest({ endings }))
    expect(message.blocks).toHaveLength(2)
    expect(visible(message)).toMatch(/\*Ends next\*\n• in 12 days, 5 Dec 2026: Meta login of \*Acme Corp\* \(salesforce\)/)
  })

  test.each([
    [1, 'The one connection worked all week.'],
    [0, 'Every connection of this channel is paused.'],
  ])('with %d connections says so', (connections, words) => {
    const rows = { first: connections === 0 ? [] : [aRow()], others: 0 }
    expect(rendered(aDigest({ uptime: { connections, worked: connections, rows, silences: [] } })).text).toBe(`✅ ${words}`)
  })

  test('of connections that were all added in it is told as such', () => {
    const rows = { first: [aRow({ addedAt: hour(20) }), aRow({ addedAt: hour(30) })], others: 0 }
    const { text } = rendered(aDigest({ uptime: { connections: 2, worked: 2, rows, silences: [] } }))
    expect(text).toBe('✅ All 2 connections worked since they were added.')
  })
})

describe('a week with outages', () => {
  const digest = aDigest({
    uptime: { connections: 6, worked: 5, rows: { first: [aDownRow(), aRow({ name: 'meta' })], others: 4 }, silences: [] },
    breaks: {
      count: 2,
      open: 1,
      list: { first: [aBreak({ closedAt: null, closedHow: null, closedBy: null }), aBreak()], others: 0 },
      logins: { count: 1, medianMs: 12 * HOUR_MS, longestMs: 12 * HOUR_MS },
      by: { first: [{ name: 'Ben', count: 1 }], others: 0 },
    },
    recurrences: {
      first: [
        {
          connections: [ACME],
          others: 0,
          provider: 'Salesforce',
          times: 4,
          causes: [{ kind: 'authorization', cause: 'password_changed', times: 4 }],
        },
      ],
      others: 0,
    },
  })

  test('tells which, how long, who logged in, and what breaks again and again', () => {
    const shown = visible(rendered(digest))
    expect(shown).toContain('*5 of 6 connections worked all week.*')
    expect(shown).toContain('*2 outages, 1 still open*')
    expect(shown).toMatch(/• :red_circle: Salesforce: \*Acme Corp\* \(salesforce\), needs authorization since Tue 17 Nov, 09:00/)
    expect(shown).toMatch(/• Salesforce: \*Acme Corp\* \(salesforce\), Tue 17 Nov, 09:00 for 12 h; Ben logged in/)
    expect(shown).toContain('From card to login: 12 h.')
    expect(shown).toContain(
      'fourth break in 60 days, each time the password was changed. Use an integration user, whose password nobody changes.',
    )
    expect(buttons(rendered(digest))).toEqual({})
  })

  test('shows the picture where there is one, and characters where there is none', () => {
    const withPicture = JSON.stringify(rendered(digest, { pictureId: 'F1' }).blocks)
    expect(withPicture).toContain('"slack_file":{"id":"F1"}')
    expect(withPicture).toContain('4 further connections worked all week.')
    expect(withPicture).not.toContain('▁')
    expect(visible(rendered(digest))).toContain('`▁▁▁█▄▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁` 92.8 % salesforce')
  })

  test('the text has all of it, for screen readers and notifications', () => {
    const { text } = rendered(digest)
    for (const words of [
      '5 of 6 connections worked',
      'needs authorization since',
      'for 12 h; Ben logged in',
      'fourth break in 60 days',
    ])
      expect(text).toContain(words)
    expect(text).not.toMatch(/\*|`|:red_circle:/)
  })
})

describe('with ten thousand connections and the worst of names', () => {
  const evil: Named = { id: 'con_2', name: BAD, accountName: BAD }

  test.each([[null], ['F0UPTIME01']])('is accepted by Slack (picture %s)', (pictureId) => {
    const message = rendered(aBadWeek(evil, BAD), { pictureId })
    expect(checkBlocks(message.blocks, 'message')).toEqual([])
    expect(isTextTooLong(structuredClone([...message.blocks]) as never)).toBe(false)
    expect(message.text.length).toBeLessThanOrEqual(4_000)
  })

  test('lets no outside text ping, link, or reorder', () => {
    const message = rendered(aBadWeek(evil, BAD))
    const everything = `${message.text}\n${visible(message)}`
    expect(everything).not.toMatch(/<!(?!date\^)/)
    for (const bad of ['<https://evil', '<@U0EVIL>', '\u202E', ':skull:']) expect(everything).not.toContain(bad)
  })

  test('counts what is not named', () => {
    const shown = visible(rendered(aBadWeek(ACME, 'Salesforce')))
    expect(shown).toContain('… and 40 more')
    expect(shown).toContain('*salesforce*, *salesforce*, *salesforce* and 9,997 more')
    expect(shown).toContain('9,990 further connections, of which 9,978 did not work all week.')
    expect(shown).toContain('3,990 of 4,000 accounts are complete')
  })
})

describe('the picture of a week', () => {
  interface Shape {
    readonly kind: string
    readonly x: number
    readonly width: number
  }
  const shapes = (svg: string): Shape[] =>
    [...svg.matchAll(/<rect ([^>]*class="[^>]*)>/g)].map(([, written = '']) => {
      const of = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(written)?.[1] ?? ''
      return { kind: of('class'), x: Number(of('x')), width: Number(of('width')) }
    })
  const words = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text)
  const drawn = (rows: readonly UptimeRow[], over: Partial<Digest> = {}) =>
    uptimeChart(
      aDigest({ uptime: { connections: rows.length, worked: 0, rows: { first: rows, others: 0 }, silences: [] }, ...over }),
    )

  test('an outage lies where it was, as long as it lasted', () => {
    const [, up, gone] = shapes(drawn([aDownRow({ spans: [out(84, 168)] })]).svg)
    expect([up?.kind, gone?.kind]).toEqual(['up', 'out'])
    expect(gone?.width).toBeCloseTo((up?.width ?? 0) / 2, 1)
    expect((gone?.x ?? 0) + (gone?.width ?? 0)).toBeCloseTo((up?.x ?? 0) + (up?.width ?? 0), 1)
  })

  test('one of a minute is seen, also at the end of the week, and stays inside', () => {
    const [, up, gone] = shapes(drawn([aDownRow({ spans: [out(168 - 1 / 60, 168)] })]).svg)
    expect(gone?.width).toBe(2)
    expect((gone?.x ?? 0) + 2).toBeCloseTo((up?.x ?? 0) + (up?.width ?? 0), 1)
  })

  test('a new connection begins when it was added; a silence is told apart from an outage', () => {
    const { svg } = drawn([aDownRow({ addedAt: hour(42), spans: [out(50, 60, 'silent')] })])
    const [all, up, quiet] = shapes(svg)
    expect([all?.kind, up?.kind, quiet?.kind]).toEqual(['before', 'up', 'silent'])
    expect(up?.width).toBeCloseTo((all?.width ?? 0) * 0.75, 1)
    expect(words(svg)).toContain('no answer from the provider')
    expect(words(svg)).not.toContain('not working')
  })

  test('names each connection, its uptime, and the days of its zone', () => {
    const written = words(drawn([aDownRow({ name: 'google-ads-of-a-very-long-name' }), aRow({ name: 'meta' })]).svg)
    expect(written).toEqual([
      'Uptime, 16 Nov to 23 Nov',
      'not working',
      'google-ads-of-a-very-…',
      '92.8 %',
      'meta',
      '100 %',
      ...['Tue 17', 'Wed 18', 'Thu 19', 'Fri 20', 'Sat 21', 'Sun 22', 'Mon 23'],
    ])
  })

  test('has seven midnights also in weeks in which clocks change', () => {
    for (const [from, until] of [
      ['2026-03-23T08:00:00Z', '2026-03-30T07:00:00Z'],
      ['2026-10-19T07:00:00Z', '2026-10-26T08:00:00Z'],
    ]) {
      const days = words(drawn([aRow()], { from: from ?? '', until: until ?? '' }).svg).filter((text) =>
        /^\w{3} \d+$/.test(text ?? ''),
      )
      expect(days).toHaveLength(7)
    }
  })

  test('its words for who can’t see it tell the same and are no longer than Slack takes', () => {
    expect(drawn([aDownRow(), aRow({ name: 'meta' })]).altText).toBe(
      'Uptime, 16 Nov to 23 Nov: salesforce 92.8 %, not working for 12 h; meta 100 %.',
    )
    expect([...uptimeChart(aBadWeek({ id: 'x', name: BAD, accountName: BAD }, BAD)).altText].length).toBeLessThanOrEqual(2_000)
  })

  test('in characters a part of a time is told apart from all of it', () => {
    const rows = [aDownRow({ addedAt: hour(8), spans: [out(16, 24), out(25, 26)] })]
    const [line] = uptimeLines(aDigest({ uptime: { connections: 1, worked: 0, rows: { first: rows, others: 0 }, silences: [] } }))
    expect(line).toContain(`\`·▁█▄${'▁'.repeat(17)}\``)
  })
})

describe('words', () => {
  test.each([
    [1, '100 %'],
    [0.99999, '99.9 %'],
    [0.9285, '92.8 %'],
    [0, '0.0 %'],
  ])('%d is %s', (uptime, words) => {
    expect(percent(uptime)).toBe(words)
  })

  test.each([
    [3, 'third'],
    [10, 'tenth'],
    [11, '11th'],
    [12, '12th'],
    [21, '21st'],
    [22, '22nd'],
    [113, '113th'],
  ])('%d is the %s', (n, words) => {
    expect(ordinal(n)).toBe(words)
  })

  test('several causes are told one by one, and the advice is for the most frequent', () => {
    const causes = [
      { kind: 'authorization' as const, cause: 'user_inactive', times: 3 },
      { kind: 'authorization' as const, cause: 'expired', times: 1 },
    ]
    expect(causeWords({ causes, times: 4 })).toBe('3 times the user was deactivated and once the login ended')
    expect(adviceWords({ causes, provider: 'Meta' })).toContain('which stays when people leave')
  })

  test('what is not known is told without advice', () => {
    const causes = [{ kind: 'authorization' as const, cause: 'x', times: 3 }]
    expect(causeWords({ causes, times: 3 })).toBe('each time because of a refusal')
    expect(adviceWords({ causes, provider: 'Meta' })).toBe('')
  })
})

test('a digest without its content is a bug and says which', () => {
  expect(() => renderCard(facts(aDigest(), { digest: null }), LOOK)).toThrow('msg_1')
})
