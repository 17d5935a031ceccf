/** URL parameters as they stand in an address, macros and all: `name=value` each, in order. */
export type Pairs = readonly string[]

export function pairsOf(parameters: string): Pairs {
  return parameters
    .replace(/^[?&]+/, '')
    .split('&')
    .filter((pair) => pair !== '')
}

export function joined(...pairs: readonly Pairs[]): string {
  return [...new Set(pairs.flat())].join('&')
}

/** Those of an address; a macro in it may hold anything but `#`. */
export function pairsIn(address: string): Pairs {
  const [beforeAnchor = ''] = address.split('#')
  const start = beforeAnchor.indexOf('?')
  return start < 0 ? [] : pairsOf(beforeAnchor.slice(start + 1))
}

/** Those that all have. */
export function common(all: readonly Pairs[]): Pairs {
  const [first = [], ...others] = all
  return first.filter((pair) => others.every((pairs) => pairs.includes(pair)))
}

export function without(pairs: Pairs, taken: Pairs): Pairs {
  return pairs.filter((pair) => !taken.includes(pair))
}
