/** Millionths in one unit of a currency. */
const UNIT = 1_000_000n

/**
 * Millionths of a decimal text ("12.34", "-0.5", "1.2e-3", "1,234.50" is refused). Digits after the sixth are rounded, half away from
 * zero. Undefined: it is no decimal.
 */
export function microsOf(text: string): bigint | undefined {
  const [, sign, whole = '', fraction = '', exponent] =
    /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text.trim()) ?? []
  if (sign === undefined || whole + fraction === '') return undefined
  const shift = 6 - fraction.length + Number(exponent ?? 0)
  const digits = BigInt(whole + fraction)
  const micros = shift >= 0 ? digits * 10n ** BigInt(shift) : rounded(digits, 10n ** BigInt(-shift))
  return sign === '-' ? -micros : micros
}

/** As a decimal with at least two places and no more than it needs: 12340000 is "12.34". */
export function decimalOf(micros: bigint): string {
  const size = micros < 0n ? -micros : micros
  const fraction = String(size % UNIT)
    .padStart(6, '0')
    .replace(/0{1,4}$/, '')
  return `${micros < 0n ? '-' : ''}${size / UNIT}.${fraction}`
}

function rounded(digits: bigint, by: bigint): bigint {
  return (digits * 2n + by) / (by * 2n)
}
