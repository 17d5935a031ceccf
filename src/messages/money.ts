import { decimalOf } from '../domain/micros.ts'

/** "1,234.56 EUR", of a decimal text. */
export function money(amount: string, currency: string): string {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(\.\d+)?$/.exec(amount) ?? []
  return `${sign === '-' ? '−' : ''}${whole.replace(/\B(?=(\d{3})+$)/g, ',')}${fraction} ${currency}`.trim()
}

/** The same of millionths of the currency's unit. */
function moneyOf(micros: bigint, currency: string): string {
  return money(decimalOf(micros), currency)
}

const HUNDREDTH = 10_000n

/** Rounded to hundredths, half away from zero, for people who want to see how much it is; less than that is told exactly. */
export function roundedMoney(micros: bigint, currency: string): string {
  const rounded = ((micros + (micros < 0n ? -HUNDREDTH : HUNDREDTH) / 2n) / HUNDREDTH) * HUNDREDTH
  return moneyOf(rounded === 0n ? micros : rounded, currency)
}

/** With a sign in any case: "+3.20 EUR", "−12.10 EUR". */
export function difference(micros: bigint, currency: string): string {
  return micros < 0n ? moneyOf(micros, currency) : `+${moneyOf(micros, currency)}`
}
