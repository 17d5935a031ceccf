import { describe, expect, test } from 'vitest'
import type { CostHistory, DayCost, DayState } from '../../src/domain/costs/cost-history.ts'
import { addDays } from '../../src/domain/day.ts'
import { costChart } from '../../src/messages/charts/cost-chart.ts'
import { costSparkline } from '../../src/messages/charts/cost-sparkline.ts'
import { markWords, roundScale } from '../../src/messages/charts/scale.ts'
import { connectionDetails } from '../../src/messages/connection-details.ts'
import { roundedMoney } from '../../src/messages/money.ts'
import { checkBlocks } from '../../src/sandbox/slack/blocks.ts'
import { aConnection, aListed, at, known, LOOK } from './a-card.ts'

const FIRST = '2026-10-25'
const SIGNS: Readonly<Record<string, DayState>> = { w: 'whole', o: 'open', l: 'lost', m: 'missing' }

/** `'l m w12.5 o3'`: days in order, from 25 October on. */
function aHistory(days: string, over: Partial<CostHistory> = {}): CostHistory {
  const read = (word: string, place: number): DayCost => ({
    day: addDays(FIRST, place),
    state: SIGNS[word.charAt(0)] ?? 'whole',
    micros: BigInt(Math.round(Number(word.slice(1) || '0') * 1_000_000)),
  })
  return {
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
    lastAt: at('08:30'),
    trouble: null,
    days: days.split(' ').map(read),
    ...over,
  }
}

interface Shape {
  readonly class: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

function shapes(svg: string): Shape[] {
  return [...svg.matchAll(/<rect ([^>]*class="[^>]*)>/g)].map(([, written = '']) => {
    const of = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(written)?.[1] ?? ''
    return {
      class: of('class'),
      x: Number(of('x')),
      y: Number(of('y')),
      width: Number(of('width')),
      height: Number(of('height')),
    }
  })
}
const barsOf = (days: string) =>
  shapes(costChart('google-ads', aHistory(days)).svg).filter((shape) => shape.class.startsWith('bar'))
const words = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text)

describe('the chart', () => {
  test('a known day has a bar, also one that cost nothing; a lost or missing one has none', () => {
    const { svg } = costChart('google-ads', aHistory('l m w10 w0 m o5'))
    expect(shapes(svg).map((shape) => shape.class)).toEqual(['lost', 'missing', 'bar whole', 'bar whole', 'missing', 'bar open'])
    for (const { height } of shapes(svg)) expect(height).toBeGreaterThan(0)
  })

  test('bars are as high as days cost, and stand on zero', () => {
    const [ten, five, two] = barsOf('w10 w5 w2.5')
    expect(ten!.height / five!.height).toBeCloseTo(2, 1)
    expect(five!.height / two!.height).toBeCloseTo(2, 1)
    expect(ten!.y + ten!.height).toBeCloseTo(five!.y + five!.height, 1)
  })

  test('a day that was credited hangs below zero', () => {
    const [up, down] = barsOf('w10 w-5')
    expect(down!.y).toBeCloseTo(up!.y + up!.height, 1)
    expect(down!.height / up!.height).toBeCloseTo(0.5, 1)
  })

  test('everything stays within the frame, also thirty days of large and of tiny amounts', () => {
    for (const amount of ['987654321.98', '0.000001', '-3', '0', '1234.5']) {
      const bars = barsOf(Array.from({ length: 30 }, () => `w${amount}`).join(' '))
      expect(bars).toHaveLength(30)
      for (const { x, y, width, height } of bars) {
        expect(x).toBeGreaterThan(16)
        expect(x + width).toBeLessThan(584)
        expect(y).toBeGreaterThanOrEqual(46)
        expect(y + height).toBeLessThanOrEqual(146.1)
      }
    }
  })

  test('the axes tell currency, round amounts and each seventh day, the legend only what occurs', () => {
    const month = Array.from({ length: 29 }, () => 'w1234').join(' ')
    expect(words(costChart('google-ads', aHistory(`${month} o7`)).svg)).toEqual([
      'Cost per day in EUR',
      'incomplete',
      '0',
      '500',
      '1K',
      '1.5K',
      '26 Oct',
      '2 Nov',
      '9 Nov',
      '16 Nov',
      '23 Nov',
    ])
    expect(words(costChart('google-ads', aHistory('w1 m l')).svg)).toEqual(expect.arrayContaining(['not downloaded', 'lost']))
  })

  test('what a currency is called can’t become markup', () => {
    expect(costChart('x', aHistory('w1', { currency: '<&"' })).svg).toContain('in &lt;&amp;&quot;<')
  })

  test('its alternative text tells the same, and no amount for a day of which nothing is known', () => {
    const { altText, title } = costChart('google-ads', aHistory('l l m w10.129 w0 o5'))
    expect(title).toBe('Costs of google-ads, 25 Oct 2026 to 30 Oct 2026')
    expect(altText).toBe(
      'Cost per day from 25 Oct 2026 to 30 Oct 2026: 15.13 EUR on the 3 days that are known, at most 10.13 EUR on 28 Oct. ' +
        'Incomplete: 30 Oct 2026. Not downloaded: 27 Oct 2026. Lost: 25 Oct 2026 to 26 Oct 2026. ' +
        'Day by day in EUR: 28 Oct 10.13; 29 Oct 0.00; 30 Oct 5.00.',
    )
  })

  test('the alternative text keeps to Slack’s limit', () => {
    const days = Array.from({ length: 400 }, (_, place) => (place % 2 === 0 ? 'w123456789.12' : 'm')).join(' ')
    expect(costChart('google-ads', aHistory(days)).altText.length).toBeLessThanOrEqual(2000)
  })
})

describe('the axis', () => {
  test.each([
    [0, 0, [0, 1]],
    [0, 1278, [0, 500, 1000, 1500]],
    [0, 4530, [0, 2000, 4000, 6000]],
    [-40, 116, [-50, 0, 50, 100, 150]],
    [-3, -1, [-3, -2, -1, 0]],
    [0, 0.000003, [0, 0.000001, 0.000002, 0.000003]],
  ])('from %d to %d', (lowest, highest, marks) => {
    const scale = roundScale(lowest, highest)
    expect(scale.marks).toEqual(marks)
    expect([scale.at(scale.marks[0]!), scale.at(scale.marks.at(-1)!)]).toEqual([0, expect.closeTo(1)])
  })

  test('marks are short', () => {
    expect([0, 500, 1500, 20_000, 4_000_000_000, -50, 0.0002].map(markWords)).toEqual([
      '0',
      '500',
      '1.5K',
      '20K',
      '4B',
      '−50',
      '0.0002',
    ])
  })
})

describe('the days as text', () => {
  test('a character each, from the least to the most, with signs for what is not known', () => {
    expect(costSparkline(aHistory('m l w1 w2 w3 w4 w5 w6 w7 w8 o0 w-1'))).toBe(
      '`·×▁▂▃▄▅▆▇█▁▁`\n25 Oct to 5 Nov, at most 8.00 EUR on 3 Nov, `·` not downloaded, `×` lost',
    )
  })

  test('amounts that differ by much keep their order', () =>
    expect(costSparkline(aHistory('w0.01 w1000000'))).toContain('`▁█`\n'))

  test('days on which nothing was spent have no most', () =>
    expect(costSparkline(aHistory('w0 w0'))).toBe('`▁▁`\n25 Oct to 26 Oct'))
})

test('amounts are rounded to hundredths, and never to nothing', () => {
  expect([10_129_000n, 10_125_000n, -10_125_000n, 0n, 3n, -4_000n].map((micros) => roundedMoney(micros, 'EUR'))).toEqual([
    '10.13 EUR',
    '10.13 EUR',
    '−10.13 EUR',
    '0.00 EUR',
    '0.000003 EUR',
    '−0.004 EUR',
  ])
})

describe('the details of an ad platform', () => {
  const listed = {
    ...aListed({ connection: aConnection({ name: 'google-ads', provider: 'google-ads', kind: 'ads' }) }),
    providerLabel: 'Google Ads',
  }
  const details = (history: CostHistory, chart: { fileId: string; altText: string } | null = null) =>
    connectionDetails(listed, known({ costs: { kind: 'known', history } }), LOOK, at('09:30'), chart)

  test('tell total, days, the last download and why the last try failed, and draw the days as text', () => {
    const { text, blocks } = details(aHistory('l m w10 w2.5 o5', { trouble: 'Google Ads has *no* <time>.' }))
    const shown = JSON.stringify(blocks)
    for (const part of [
      '*Costs of the last 5 days: 17.50 EUR on the 3 days that are known*',
      '2 days complete, 1 incomplete, 1 not downloaded and 1 lost.',
      ':warning: Lost: 25 Oct 2026. That is further back than Google Ads tells.',
      'Last downloaded <!date^',
      ':warning: The last try failed: Google Ads has ∗no∗ &lt;time&gt;.',
      '`×·█▂▄`',
    ])
      expect(shown).toContain(part)
    expect(text).toContain(
      'Costs of the last 5 days: 17.50 EUR on the 3 days that are known; at most 10.00 EUR on 27 Oct; 2 days complete',
    )
    expect(text).toContain('Last downloaded')
    expect(text).toContain('The last try failed: Google Ads has ∗no∗ &lt;time&gt;.')
    expect(checkBlocks(blocks, 'message')).toEqual([])
    expect(checkBlocks(blocks, 'modal')).toEqual([])
  })

  test('mention nobody, whatever a platform calls its currency', () => {
    const { text, blocks } = details(aHistory('w1 w2', { currency: '<!channel>' }))
    expect(text + JSON.stringify(blocks)).not.toContain('<!channel>')
    expect(text).toContain('3.00 &lt;!channel&gt;')
  })

  test('show a chart that Slack has instead of the text', () => {
    const { blocks } = details(aHistory('w10 w5'), { fileId: 'F00000001', altText: 'In words.' })
    expect(blocks).toContainEqual({ type: 'image', slack_file: { id: 'F00000001' }, alt_text: 'In words.' })
    expect(JSON.stringify(blocks)).not.toContain('█')
    expect(JSON.stringify(blocks)).toContain('*Costs of the last 2 days: 15.00 EUR*')
    expect(checkBlocks(blocks, 'message')).toEqual([])
  })

  test('where no day is known there is nothing to draw, and no zero', () => {
    const { text, blocks } = details(aHistory('m m l'))
    expect(JSON.stringify(blocks)).toContain('*Costs of the last 3 days: not known*')
    expect(JSON.stringify(blocks)).not.toMatch(/[▁█]|0\.00/)
    expect(text).not.toContain('0.00')
  })

  test('nothing was ever downloaded: that is said, and why', () => {
    const none = connectionDetails(listed, known({ costs: { kind: 'none_yet', trouble: 'No answer.' } }), LOOK, at('09:30'))
    expect(JSON.stringify(none.blocks)).toContain(
      '*Costs*: none have been downloaded yet.\\n:warning: The last try failed: No answer.',
    )
    expect(none.text).toContain('No costs have been downloaded yet. The last try failed: No answer.')
  })
})
