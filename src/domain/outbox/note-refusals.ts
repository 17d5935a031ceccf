import type { Deps } from '../deps.ts'
import type { RefusalCode, RefusalReason } from './refusal.ts'

/** One request of a program that sends touchpoints. */
export interface Sending {
  /** Which of several API tokens it came with: its number from 1, or its label; null: there is one only. */
  readonly sender: number | string | null
  /** Records that could not even be read. */
  readonly unreadable: number
}

/** One record that was refused. */
export interface Refused {
  readonly id: string | null
  readonly code: RefusalCode
  readonly message: string
  /** What it is about: the part by which refusals are alike. */
  readonly about: string
  readonly connectionId: string | null
}

const EXAMPLES = 5
/** In characters. They come from outside, and are kept and shown. */
const ABOUT_CAP = 120
const MESSAGE_CAP = 300
const ID_CAP = 255

/**
 * Counts what one request was refused, by connection and by what is alike. A request without refusals writes nothing.
 * `taken` tells how many records the request brought into a connection's outbox.
 */
export async function noteRefusals(
  { store, clock }: Pick<Deps, 'store' | 'clock'>,
  teamId: string,
  { sender, unreadable }: Sending,
  refused: readonly Refused[],
  onlyConnection: string | null,
  taken: (connectionId: string) => number,
): Promise<void> {
  const lines = Array.from({ length: unreadable }, (): Refused => ({ ...UNREADABLE, connectionId: onlyConnection }))
  const bySource = Map.groupBy([...refused, ...lines], ({ connectionId }) => connectionId)
  for (const [connectionId, records] of bySource) {
    const taking = connectionId === null ? 0 : taken(connectionId)
    await store.refusals.note({ teamId, connectionId }, reasonsOf(records, sender), taking, clock.now())
  }
}

const UNREADABLE = { id: null, code: 'malformed_record', message: 'The line is not valid JSON in UTF-8.', about: '' } as const

function reasonsOf(records: readonly Refused[], sender: Sending['sender']): RefusalReason[] {
  const alike = Map.groupBy(records, ({ code, about }) => JSON.stringify([code, keep(about, ABOUT_CAP)]))
  return [...alike.values()].flatMap((those) => {
    const [first] = those
    if (!first) return []
    return {
      code: first.code,
      about: keep(first.about, ABOUT_CAP),
      sender,
      count: those.length,
      message: keep(first.message, MESSAGE_CAP),
      examples: those
        .flatMap(({ id }) => id ?? [])
        .slice(0, EXAMPLES)
        .map((id) => keep(id, ID_CAP)),
    }
  })
}

/** Databases don't keep half of a surrogate pair. */
function keep(outside: string, cap: number): string {
  return outside.slice(0, cap).toWellFormed()
}
