import type { Reply } from '../http-server.ts'

/**
 * A page by cursors; without `next` there is no further one. Its address has the token in it, as the real one has.
 * developers.facebook.com/docs/graph-api/results (2026-11)
 */
export function pageOf(rows: readonly object[], query: URLSearchParams, path: string, most: number): Reply {
  const limit = Math.min(Number(query.get('limit') ?? 25), most)
  const after = query.get('after')
  const start = after === null ? 0 : Number(Buffer.from(after, 'base64url').toString())
  const page = rows.slice(start, start + limit)
  const end = start + page.length
  const cursors = { before: cursor(start), after: cursor(end) }
  const next =
    end < rows.length ? { next: `https://graph.facebook.com/v26.0${path}?access_token=EAAB&after=${cursors.after}` } : {}
  return { status: 200, json: { data: page, ...(page.length > 0 && { paging: { cursors, ...next } }) } }
}

function cursor(place: number): string {
  return Buffer.from(String(place)).toString('base64url')
}

/** `id,name,creative{id,url_tags}` as a tree. */
export interface FieldTree {
  readonly [name: string]: FieldTree | null
}

export function readFields(text: string): FieldTree {
  const tree: Record<string, FieldTree | null> = {}
  let place = 0
  while (place < text.length) {
    const [, name = ''] = /^([a-z_]*),?/.exec(text.slice(place)) ?? []
    place += name.length
    if (text[place] === '{') {
      const end = closing(text, place)
      tree[name] = readFields(text.slice(place + 1, end))
      place = end + 1
    } else if (name !== '') tree[name] = null
    place += 1
  }
  return tree
}

function closing(text: string, open: number): number {
  let depth = 0
  for (let place = open; place < text.length; place++) {
    if (text[place] === '{') depth += 1
    else if (text[place] === '}' && --depth === 0) return place
  }
  return text.length
}

/** What was asked for of a record, `id` always; fields without a value are left out, as Graph does. */
export function picked(record: Readonly<Record<string, unknown>>, fields: FieldTree): Record<string, unknown> {
  const shown: Record<string, unknown> = record['id'] === undefined ? {} : { id: record['id'] }
  for (const [name, inner] of Object.entries(fields)) {
    const value = record[name]
    if (value === undefined || value === null || value === '') continue
    shown[name] = inner === null ? value : picked(value as Record<string, unknown>, inner)
  }
  return shown
}
