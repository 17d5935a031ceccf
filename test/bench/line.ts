/** One line of the report. What counts is the ratio: absolute figures are another machine's tomorrow. */
export interface Line {
  readonly what: string
  /** `measured` by `limit`: the median of the runs' ratios. */
  readonly ratio: number
  /** Of the ratio. Null: for information. */
  readonly goal: { readonly atLeast: number } | { readonly atMost: number } | null
  readonly met: boolean | null
  /** Medians. */
  readonly measured: number
  readonly limit: number
  readonly unit: string
  /** What the limit is. */
  readonly against: string
  readonly runs: readonly Run[]
}

export interface Run {
  readonly measured: number
  readonly limit: number
}

export function line(
  what: string,
  runs: readonly Run[],
  about: { readonly unit: string; readonly against: string; readonly goal: Line['goal'] },
): Line {
  const ratio = median(runs.map((run) => run.measured / run.limit))
  return {
    what,
    ratio,
    ...about,
    met: isMet(ratio, about.goal),
    measured: median(runs.map((run) => run.measured)),
    limit: median(runs.map((run) => run.limit)),
    runs,
  }
}

function isMet(ratio: number, goal: Line['goal']): boolean | null {
  if (goal === null) return null
  return 'atLeast' in goal ? ratio >= goal.atLeast : ratio <= goal.atMost
}

/** The middle one; of an even number the lower of the two. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The smallest value that at least this share of all values does not pass. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
  if (found === undefined) throw new Error('nothing was measured')
  return found
}

export const HEADING = `${'ratio'.padStart(6)}  ${'goal'.padEnd(7)} met`

export function toText({ what, ratio, goal, met, measured, limit, unit, against }: Line): string {
  const wanted = goal === null ? '-' : 'atLeast' in goal ? `>= ${goal.atLeast}` : `<= ${goal.atMost}`
  const isMetText = met === null ? '-' : met ? 'yes' : 'NO'
  const figures = `${figure(measured)} by ${figure(limit)} ${unit}`
  return `${ratio.toFixed(2).padStart(6)}  ${wanted.padEnd(7)} ${isMetText.padEnd(3)}  ${what}: ${figures} (${against})`
}

function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))
}
