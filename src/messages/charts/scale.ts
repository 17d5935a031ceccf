/** An axis from its lowest to its highest mark. */
export interface Scale {
  /** Round values, the lowest first; zero is one of them. */
  readonly marks: readonly number[]
  /** Where a value stands: 0 at the lowest mark, 1 at the highest. */
  at(value: number): number
}

/** One to six steps of 1, 2 or 5 times a power of ten, as far as they must go to hold zero and everything between the two. */
export function roundScale(lowest: number, highest: number): Scale {
  const from = Math.min(0, lowest)
  const to = Math.max(0, highest)
  const step = roundStep((to - from || 4) / 4)
  const first = Math.floor(from / step)
  const last = Math.max(Math.ceil(to / step), first + 1)
  const marks = Array.from({ length: last - first + 1 }, (_, place) => Number(((first + place) * step).toPrecision(12)))
  return { marks, at: (value) => (value / step - first) / (last - first) }
}

function roundStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast))
  const times = [1, 2, 5, 10].find((one) => one * power >= atLeast * 0.999) ?? 10
  return times * power
}

const MARK = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 })

/** "250", "1.5K", "2M" */
export function markWords(value: number): string {
  return MARK.format(value).replace('-', '−')
}
