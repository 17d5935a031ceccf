import { type ApiFault, adsError } from './answers.ts'

/** A query as developers.google.com/google-ads/api/docs/query/grammar (2026-11-24) has it, as far as it is asked here. */
export interface Query {
  readonly select: readonly string[]
  readonly from: string
  readonly where: readonly Condition[]
  readonly orderBy: { readonly field: string; readonly isDescending: boolean } | null
  readonly limit: number | null
}

export interface Condition {
  readonly field: string
  readonly operator: string
  readonly values: readonly string[]
  /** The same, to look one up among many. */
  readonly among: ReadonlySet<string>
}

/** Values by field: `campaign.id`. Null and an empty text: not set. int64 is a text. */
export type Fields = Readonly<Record<string, unknown>>

const SHAPE = /^SELECT (.+?) FROM (\w+)(?: WHERE (.+?))?(?: ORDER BY ([\w.]+)( ASC| DESC)?)?(?: LIMIT (\d+))?$/is
const CONDITION =
  /^([\w.]+)\s*(IS NOT NULL|IS NULL|NOT IN|IN|BETWEEN|!=|>=|<=|=|>|<)\s*(\([^)]*\)|'[^']*' AND '[^']*'|'[^']*'|-?\d+)?(?:\s+AND\s+|$)/i

export function parseQuery(text: string): Query | ApiFault {
  const [, select, from = '', where = '', order, direction = '', limit] = SHAPE.exec(text.trim().replace(/\s+/g, ' ')) ?? []
  if (select === undefined) return queryError('QUERY_ERROR', 'Error in query: unexpected input.')
  const conditions: Condition[] = []
  for (let rest = where; rest !== ''; ) {
    const [matched, field = '', operator = '', values = ''] = CONDITION.exec(rest) ?? []
    if (matched === undefined) return queryError('UNEXPECTED_INPUT', `Error in query: unexpected input ${rest}.`)
    const listed = valuesIn(values)
    conditions.push({ field, operator: operator.toUpperCase(), values: listed, among: new Set(listed) })
    rest = rest.slice(matched.length)
  }
  return {
    select: select.split(',').map((field) => field.trim()),
    from,
    where: conditions,
    orderBy: order === undefined ? null : { field: order, isDescending: direction.trim().toUpperCase() === 'DESC' },
    limit: limit === undefined ? null : Number(limit),
  }
}

function valuesIn(text: string): string[] {
  return [...text.matchAll(/'([^']*)'|(-?\d+)/g)].map(([, quoted, plain = '']) => quoted ?? plain)
}

/** Null: it may be asked so. `known`: all fields of the resource and of what belongs to it. */
export function wrongIn(query: Query, known: readonly string[]): ApiFault | null {
  const { select, where, orderBy } = query
  for (const field of [...select, ...where.map((one) => one.field), ...(orderBy ? [orderBy.field] : [])]) {
    if (!known.includes(field)) return queryError('UNRECOGNIZED_FIELD', `Unrecognized field in the query: '${field}'.`)
  }
  if (orderBy && !select.includes(orderBy.field)) {
    return queryError(
      'EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE',
      `Unselected field is used in ORDER BY clause: '${orderBy.field}'.`,
    )
  }
  if (where.some(({ operator, values }) => operator === 'IN' && values.length > 20_000)) {
    return queryError('FILTER_HAS_TOO_MANY_VALUES', 'The number of values in a filter exceeds the limit.')
  }
  return null
}

/** Keeps what a condition is true of; nothing is true of what is not set but `IS NULL`. */
export function holds({ field, operator, values, among }: Condition, fields: Fields): boolean {
  const value = fields[field]
  const isSet = value !== null && value !== undefined && value !== ''
  if (operator === 'IS NULL' || operator === 'IS NOT NULL') return isSet === (operator === 'IS NOT NULL')
  if (!isSet) return false
  const [first = '', second = ''] = values
  const order = compare(String(value), first)
  if (operator === 'BETWEEN') return order >= 0 && compare(String(value), second) <= 0
  const truths: Readonly<Record<string, boolean>> = {
    '=': order === 0,
    '!=': order !== 0,
    '>': order > 0,
    '<': order < 0,
    '>=': order >= 0,
    '<=': order <= 0,
    IN: among.has(String(value)),
    'NOT IN': !among.has(String(value)),
  }
  return truths[operator] ?? false
}

function compare(a: string, b: string): number {
  const [first, second] = [a, b].map(Number)
  if (first !== undefined && second !== undefined && !Number.isNaN(first) && !Number.isNaN(second)) return first - second
  return a < b ? -1 : a > b ? 1 : 0
}

/** The selected fields as JSON has them: `ad_group_ad.ad.id` is `{"adGroupAd":{"ad":{"id":…}}}`; the names of resources come unasked. */
export function shown(select: readonly string[], fields: Fields): object {
  const owners = new Set(select.map((field) => field.split('.')[0] ?? ''))
  const names = [...owners].map((owner) => `${owner}.resource_name`)
  const row: Record<string, unknown> = {}
  for (const field of [...names, ...select]) {
    const value = fields[field]
    if (value === undefined || value === null || value === '') continue
    const path = field.split('.').map(camelCase)
    const last = path.pop() ?? ''
    let place = row
    for (const part of path) {
      place[part] ??= {}
      place = place[part] as Record<string, unknown>
    }
    place[last] = value
  }
  return row
}

export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

export function queryError(code: string, message: string): ApiFault {
  return adsError('queryError', code, message)
}
