import type { AccountRef, Asked, Tokens } from '../../../domain/provider.ts'
import { originOf } from './copy-creative.ts'
import { CREATIVE_FIELDS, type Creative, readCreative } from './creative.ts'
import type { Graph } from './graph.ts'

/** Finds out where copies lead: they show a post, whose address is not told, but that of what they are copies of is. */
export interface Origins {
  withLinks(tokens: Tokens, account: AccountRef, creative: Creative): Promise<Asked<Creative>>
}

export interface AdsDeps {
  readonly graph: Graph
  readonly origins: Origins
}

/** Copies of copies there are hardly ever. */
const MOST_STEPS = 5
const MOST_KEPT = 10_000

/** What a creative shows never changes, so what was read once is kept; for each account, since others may not see it. */
export function createOrigins(graph: Graph): Origins {
  const kept = new Map<string, Creative>()

  /** Null: it was deleted, or can't be seen now. */
  async function read(tokens: Tokens, account: AccountRef, id: string): Promise<Asked<Creative | null>> {
    const key = `${account.id} ${id}`
    const known = kept.get(key)
    if (known) return { kind: 'ok', value: known }
    const asked = await graph.get(tokens, `/${id}`, { fields: CREATIVE_FIELDS })
    if (asked.kind === 'permission' || asked.kind === 'rejected') return { kind: 'ok', value: null }
    if (asked.kind !== 'ok') return asked
    const creative = readCreative(asked.value)
    if (kept.size >= MOST_KEPT) kept.clear()
    if (creative) kept.set(key, creative)
    return { kind: 'ok', value: creative }
  }

  return {
    async withLinks(tokens, account, creative) {
      let origin: Creative | null = creative
      for (let step = 0; origin !== null && step < MOST_STEPS; step++) {
        if (origin.ofLinks !== null) return { kind: 'ok', value: { ...creative, ofLinks: origin.ofLinks } }
        const id = originOf(origin)
        if (id === null) break
        const asked = await read(tokens, account, id)
        if (asked.kind !== 'ok') return asked
        origin = asked.value
      }
      return { kind: 'ok', value: creative }
    },
  }
}
