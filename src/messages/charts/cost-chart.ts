import type { CostHistory, DayCost, DayState } from '../../domain/costs/cost-history.ts'
import { isKnown } from '../cost-words.ts'
import { dayWords, shortDay } from '../days.ts'
import type { Chart } from './chart.ts'
import { costAltText } from './cost-alt-text.ts'
import { markWords, roundScale, type Scale } from './scale.ts'
import { element, label, line, picture, rect, widthOf } from './svg.ts'

const WIDTH = 600
const HEIGHT = 180
const EDGE = 16
const TOP = 46
const BOTTOM = 146
const SIZE = 14
/** A bar's part of its day; the rest is room. */
const FILLED = 0.74
/** A day that cost nothing has a bar, too; one of which nothing is known has none. */
const LEAST_HEIGHT = 2

const INK = '#3b3f45'
const SOFT = '#6b7078'
const COLOURS = { whole: '#1f6fb2', open: '#9cc6ea', lost: '#b3261e' }
const LEGEND: Readonly<Record<Exclude<DayState, 'whole'>, string>> = {
  open: 'incomplete',
  missing: 'not downloaded',
  lost: 'lost',
}

/** Where things stand on the picture. */
interface Plot {
  readonly left: number
  /** Width of a day. */
  readonly slot: number
  y(value: number): number
}

/** The days as bars, 600 by 180. `name` is the connection's. */
export function costChart(name: string, { currency, days }: CostHistory): Chart {
  const amounts = days.filter(isKnown).map(amountOf)
  const scale = roundScale(Math.min(0, ...amounts), Math.max(0, ...amounts))
  const left = EDGE + Math.max(...scale.marks.map((mark) => widthOf(markWords(mark), SIZE))) + 8
  const plot = {
    left,
    slot: (WIDTH - EDGE - left) / Math.max(1, days.length),
    y: (value: number) => BOTTOM - scale.at(value) * (BOTTOM - TOP),
  }
  return {
    title: `Costs of ${name}, ${dayWords(days[0]?.day ?? '')} to ${dayWords(days.at(-1)?.day ?? '')}`,
    altText: costAltText({ currency, days }),
    svg: picture(
      WIDTH,
      HEIGHT,
      HATCHING,
      label(EDGE, 27, `Cost per day in ${currency}`, { 'font-size': 15, fill: INK }),
      ...legend(days),
      ...grid(scale, plot),
      ...days.flatMap((day, place) => drawDay(day, place, plot)),
      line([left, plot.y(0)], [WIDTH - EDGE, plot.y(0)], { stroke: '#8a9099' }),
      ...dayLabels(days, plot),
    ),
  }
}

/** Floating point is good enough to draw with. */
function amountOf({ micros }: DayCost): number {
  return Number(micros) / 1_000_000
}

const HATCHING = element(
  'defs',
  {},
  element(
    'pattern',
    { id: 'hatching', width: 6, height: 6, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
    rect(0, 0, 6, 6, { fill: '#f7f8f9' }),
    line([0, 0], [0, 6], { stroke: '#d3d7dc', 'stroke-width': 2 }),
  ),
)

/** Only what occurs, from the right. */
function legend(days: readonly DayCost[]): string[] {
  const states = new Set(days.map(({ state }) => state))
  let x = WIDTH - EDGE
  return (['lost', 'missing', 'open'] as const)
    .filter((state) => states.has(state))
    .flatMap((state) => {
      const words = LEGEND[state]
      const end = x
      x -= widthOf(words, SIZE) + 36
      const at = end - widthOf(words, SIZE) - 18
      const sign = state === 'lost' ? cross(at + 6, 22) : rect(at, 16, 12, 12, { rx: 2, ...fillOf(state) })
      return [sign, label(end, 27, words, { 'font-size': SIZE, fill: SOFT, 'text-anchor': 'end' })]
    })
}

function fillOf(state: 'open' | 'missing'): { readonly fill: string } {
  return { fill: state === 'open' ? COLOURS.open : 'url(#hatching)' }
}

function grid({ marks }: Scale, { left, y }: Plot): string[] {
  return marks.flatMap((mark) => [
    line([left, y(mark)], [WIDTH - EDGE, y(mark)], { stroke: '#e8eaed' }),
    label(left - 8, y(mark) + 5, markWords(mark), { 'font-size': SIZE, fill: SOFT, 'text-anchor': 'end' }),
  ])
}

function drawDay(day: DayCost, place: number, { left, slot, y }: Plot): string[] {
  const x = left + place * slot
  switch (day.state) {
    case 'missing':
      return [rect(x, TOP, slot, BOTTOM - TOP, { class: 'missing', fill: 'url(#hatching)' })]
    case 'lost':
      return [rect(x, TOP, slot, BOTTOM - TOP, { class: 'lost', fill: '#fdf1f0' }), cross(x + slot / 2, (TOP + BOTTOM) / 2)]
    case 'whole':
    case 'open': {
      const value = amountOf(day)
      const height = Math.max(LEAST_HEIGHT, Math.abs(y(value) - y(0)))
      const top = value < 0 ? y(0) : y(0) - height
      return [
        rect(x + (slot * (1 - FILLED)) / 2, top, slot * FILLED, height, {
          class: `bar ${day.state}`,
          rx: 1,
          fill: COLOURS[day.state],
        }),
      ]
    }
    default:
      return day.state satisfies never
  }
}

function cross(x: number, y: number): string {
  const stroke = { stroke: COLOURS.lost, 'stroke-width': 2, 'stroke-linecap': 'round' }
  return line([x - 4, y - 4], [x + 4, y + 4], stroke) + line([x - 4, y + 4], [x + 4, y - 4], stroke)
}

/** The last day and each seventh before it. */
function dayLabels(days: readonly DayCost[], { left, slot }: Plot): string[] {
  const last = days.length - 1
  return days.flatMap(({ day }, place) => {
    if ((last - place) % 7 !== 0) return []
    const middle = left + (place + 0.5) * slot
    const words = shortDay(day)
    const half = widthOf(words, SIZE) / 2
    const x = Math.min(Math.max(middle, left + half - slot), WIDTH - EDGE / 2 - half)
    return [label(x, BOTTOM + 21, words, { 'font-size': SIZE, fill: SOFT, 'text-anchor': 'middle' })]
  })
}
