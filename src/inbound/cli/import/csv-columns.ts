import { nearestName } from '../../../domain/nearest.ts'
import { TOUCHPOINT_PATHS } from '../../../domain/outbox/touchpoint-schema.ts'

/** What the columns of a file stand for. */
export interface CsvColumns {
  readonly names: readonly string[]
  /** Empty cells are absent; every other is text. Undefined: nothing but empty cells. */
  toTouchpoint(cells: readonly string[]): Record<string, unknown> | undefined
}

export type HeaderRead =
  | { readonly kind: 'columns'; readonly columns: CsvColumns }
  /** One sentence each. */
  | { readonly kind: 'problems'; readonly problems: readonly string[] }

const KNOWN: readonly string[] = ['id', 'connection', ...TOUCHPOINT_PATHS]
/** What a mapping may name: an API name of the CRM. */
const CUSTOM = /^custom\.[A-Za-z][A-Za-z0-9_]*$/

export function readHeader(cells: readonly string[]): HeaderRead {
  const names = cells.map((cell) => cell.trim())
  const separator = otherSeparator(names)
  if (separator) return { kind: 'problems', problems: [`The columns are separated by ${separator}: save the file with commas.`] }
  const problems = [
    ...unknownColumns(names),
    ...names
      .filter((name, index) => name !== '' && names.indexOf(name) < index)
      .map((name) => `The column ${shown(name)} is there twice.`),
    ...['id', 'occurredAt'].filter((name) => !names.includes(name)).map((name) => `There is no column ${shown(name)}.`),
  ]
  return problems.length > 0 ? { kind: 'problems', problems } : { kind: 'columns', columns: columnsOf(names) }
}

function otherSeparator([first = '', ...others]: readonly string[]): string | undefined {
  const sign = others.length === 0 ? [...';\t|'].find((one) => first.includes(one)) : undefined
  return sign === '\t' ? 'tabs' : sign && JSON.stringify(sign)
}

function unknownColumns(names: readonly string[]): string[] {
  return names.filter((name) => !KNOWN.includes(name) && !CUSTOM.test(name)).map((name) => `${described(name)}${hint(name)}`)
}

function described(name: string): string {
  return name === '' ? 'A column has no name.' : `There is no column ${shown(name)}.`
}

function hint(name: string): string {
  const tail = (path: string) => path.split('.').at(-1) ?? path
  const near = nearestName(name, KNOWN) ?? nearestOf(KNOWN, nearestName(tail(name), KNOWN.map(tail)), tail)
  if (near) return ` Is ${shown(near)} meant?`
  return /__c$/i.test(name) && CUSTOM.test(`custom.${name}`) ? ` A field of the CRM is ${shown(`custom.${name}`)}.` : ''
}

function nearestOf(paths: readonly string[], tail: string | null, tailOf: (path: string) => string): string | undefined {
  return tail === null ? undefined : paths.find((path) => tailOf(path) === tail)
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 80))
}

function columnsOf(names: readonly string[]): CsvColumns {
  const places = names.map((name) => {
    const dot = name.indexOf('.')
    return { group: dot === -1 ? null : name.slice(0, dot), key: name.slice(dot + 1) }
  })
  return {
    names,
    toTouchpoint(cells) {
      const touchpoint: Record<string, unknown> = {}
      const groups = new Map<string, Record<string, string>>()
      for (const [index, { group, key }] of places.entries()) {
        const cell = cells[index]
        if (!cell) continue
        if (group === null) touchpoint[key] = cell
        else groups.set(group, { ...groups.get(group), [key]: cell })
      }
      const whole = { ...touchpoint, ...Object.fromEntries(groups) }
      return Object.keys(whole).length > 0 ? whole : undefined
    },
  }
}
