import { createHash } from 'node:crypto'

type Fields = Record<string, unknown>

/** What an ad shows. Only its name and status can be changed: …/docs/marketing-api/reference/ad-creative (2026-11). */
export interface MetaCreative {
  readonly id: string
  /** `act_…` */
  readonly account: string
  /** As they are told, without `id`. */
  readonly fields: Fields
}

export interface Creatives {
  find(id: string): MetaCreative | undefined
  /** Of what is alike but for the name there is one: facebook-java-business-sdk#499 (read 2026-11-29). */
  create(account: string, fields: Fields): MetaCreative
  /** How many there are in an account. */
  count(account: string): number
}

export function creatives(): Creatives {
  const all = new Map<string, MetaCreative>()
  const alike = new Map<string, MetaCreative>()
  return {
    find: (id) => all.get(id),
    count: (account) => [...all.values()].filter((one) => one.account === account).length,
    create(account, fields) {
      const { name: _name, ...rest } = fields
      const key = JSON.stringify([account, Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))])
      const found = alike.get(key)
      if (found) return found
      const id = `1203${createHash('sha256').update(key).digest().readUIntBE(0, 6).toString().padStart(15, '0')}`
      const made = { id, account, fields: { ...fields, ...postOf(fields, id) } }
      all.set(id, made)
      alike.set(key, made)
      return made
    },
  }
}

/** Every creative shows a post: one that was there, or one that nobody sees on the page. */
function postOf({ object_story_id, object_story_spec }: Fields, id: string): Fields {
  const { page_id } = (object_story_spec ?? {}) as Fields
  return { effective_object_story_id: object_story_id ?? `${page_id}_${id.slice(4)}` }
}
