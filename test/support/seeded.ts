/** Choices that come again with the same seed. */
export interface Chance {
  /** In [0, 1). */
  random(): number
  /** A whole number, both ends included. */
  between(least: number, most: number): number
  /** True in about this share of the cases. */
  happens(share: number): boolean
  oneOf<T>(choices: readonly T[]): T
}

/** Mulberry32: good enough to choose with, and the same on every machine. */
export function seeded(seed: number): Chance {
  let state = seed >>> 0
  const random = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (least: number, most: number) => least + Math.floor(random() * (most - least + 1))
  return {
    random,
    between,
    happens: (share) => random() < share,
    oneOf(choices) {
      const chosen = choices[between(0, choices.length - 1)]
      if (chosen === undefined) throw new Error('nothing to choose from')
      return chosen
    },
  }
}

/** A number from the environment, for longer proofs than every run can wait for. */
export function fromEnvironment(name: string, otherwise: number): number {
  const given = process.env[name]
  if (given === undefined || given === '') return otherwise
  const number = Number(given)
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`${name} must be a whole number, not ${given}`)
  return number
}

/** The same schedule every time, so that a change fails by its own fault; `TEST_SEED=random` is another one, told on failure. */
export function aSeed(): number {
  return process.env['TEST_SEED'] === 'random' ? Math.floor(Math.random() * 2 ** 31) : fromEnvironment('TEST_SEED', 20_261_130)
}
