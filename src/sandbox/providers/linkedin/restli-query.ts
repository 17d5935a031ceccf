/** A query as Rest.li reads it: undecoded, since `( ) , :` belong to it where they are not encoded. */
export type RestQuery = ReadonlyMap<string, string>

/** `null`: something in it is no query of Rest.li. */
export function restQuery(search: string): RestQuery | null {
  const query = new Map<string, string>()
  for (const part of search.replace(/^\?/, '').split('&')) {
    if (part === '') continue
    const [, name, value] = /^([\w.]+)=(.*)$/.exec(part) ?? []
    if (name === undefined || value === undefined || query.has(name) || /%(28|29)/.test(value)) return null
    query.set(name, value)
  }
  return query
}

/** The values of `List(…)`, whose own signs must be encoded. `null`: it is none. */
export function listIn(text: string | undefined): readonly string[] | null {
  const inner = /^List\((.+)\)$/.exec(text ?? '')?.[1]
  const values = inner?.split(',') ?? []
  return values.length === 0 || values.some((value) => /[:()']/.test(value)) ? null : values.map(decodeURIComponent)
}

export interface RestDates {
  /** `2026-11-24` */
  readonly from: string
  readonly to: string
}

const DATE = String.raw`\(year:(\d{4}),month:(\d{1,2}),day:(\d{1,2})\)`
const RANGE = new RegExp(`^\\(start:${DATE},end:${DATE}\\)$`)

/** `(start:(year:2026,month:11,day:1),end:(year:2026,month:11,day:22))` */
export function datesIn(text: string | undefined): RestDates | null {
  const [, ...parts] = RANGE.exec(text ?? '') ?? []
  if (parts.length < 6) return null
  const [y1, m1 = '', d1 = '', y2, m2 = '', d2 = ''] = parts
  return {
    from: `${y1}-${m1.padStart(2, '0')}-${d1.padStart(2, '0')}`,
    to: `${y2}-${m2.padStart(2, '0')}-${d2.padStart(2, '0')}`,
  }
}

/** Only the fields that were asked for; without `fields` all. */
export function projected(row: Readonly<Record<string, unknown>>, fields: string | undefined): object {
  if (fields === undefined) return row
  return Object.fromEntries(fields.split(',').flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]])))
}
