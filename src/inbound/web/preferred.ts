/**
 * Which of the offered media types a caller likes best by its `Accept` (RFC 9110, 12.5.1); the first when it says nothing, likes
 * several as much, or likes none of them.
 */
export function preferred<T extends string>(accept: string | undefined, offered: readonly [T, ...T[]]): T {
  const ranges = (accept ?? '').split(',').map(readRange)
  let best: T = offered[0]
  for (const type of offered) if (quality(ranges, type) > quality(ranges, best)) best = type
  return best
}

interface Range {
  readonly type: string
  readonly quality: number
}

function readRange(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const q = parameters.find((parameter) => parameter.startsWith('q='))
  const quality = q === undefined ? 1 : Number(q.slice(2))
  return { type, quality: Number.isNaN(quality) ? 0 : quality }
}

/** The most specific range that fits counts. */
function quality(ranges: readonly Range[], type: string): number {
  const fitting = [type, `${type.split('/')[0]}/*`, '*/*'].map((wanted) => ranges.find((range) => range.type === wanted))
  return fitting.find((range) => range !== undefined)?.quality ?? 0
}
