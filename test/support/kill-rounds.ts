import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import type { BulkCall } from '../../src/sandbox/providers/salesforce/bulk-jobs.ts'
import { MARKETING_OPS } from '../../src/sandbox/slack/people.ts'
import { followReauthorizeLink } from '../../src/sandbox/story.ts'
import { soon } from './acts.ts'
import { aLiveRedkey, type Live } from './live.ts'
import type { Chance } from './seeded.ts'
import { ACME, aTouchpoint } from './world.ts'

/** One life of a database, through as many processes as it takes. */
export interface Life extends AsyncDisposable {
  readonly live: Live
  readonly chance: Chance
  /** Newest version of every id that the API has taken. */
  readonly sent: ReadonlyMap<string, number>
  /** All versions that the API has taken. */
  versions(): number
  /** Sends new touchpoints, and changes of some that were sent before, until the process has been killed and has taken them all. */
  ingestUntilKilled(aRequest?: number): Promise<void>
  /** Logs in by whatever card has the button, until it is done. */
  login(): Promise<void>
  status(): Promise<unknown>
  /** The next kill comes when the CRM has acted on such a call and its answer is on its way, if that is soon. */
  dieAt(call: BulkCall): void
  /** `kill -9` at a moment nobody chose, half an hour on the connection's clock, and a new process. */
  killSoon(): Promise<void>
  /** How often the process was killed when. */
  readonly moments: Readonly<Record<string, number>>
}

/** From so many on a backlog goes in bulk. */
const BULK_FROM = 200

/** Every one of these is refused by the CRM, for good. */
export const isBad = (id: string) => id.startsWith('bad')

const A_REQUEST = 30
const HALF_AN_HOUR_MS = 31 * 60_000

export async function aLife(chance: Chance): Promise<Life> {
  // With the optional history scope a post whose answer was lost is found again.
  const scopes = ['chat:write', 'commands', 'users:read', 'channels:history']
  const live = await aLiveRedkey({ LOG_LEVEL: 'warn', REDKEY_BULK_FROM: String(BULK_FROM) }, { scopes })
  live.acme.rejectRecords({ code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', matches: isBad })
  const sent = new Map<string, number>()
  let versions = 0
  let kills = 0
  let nextCall: PausedCall | null = null
  const moments: Record<string, number> = {}

  function aRequest(most: number): Record<string, unknown>[] {
    const ids = new Set<string>()
    const known = [...sent.keys()].filter((id) => !isBad(id))
    for (let record = 0; record < most; record++) {
      const isChange = known.length > 0 && chance.happens(0.25)
      ids.add(isChange ? chance.oneOf(known) : `${chance.happens(0.05) ? 'bad' : 'tp'}_${versions + record}`)
    }
    return [...ids].map((id) => aTouchpoint({ id, adContent: `version ${(sent.get(id) ?? 0) + 1}` }))
  }

  return {
    live,
    chance,
    sent,
    versions: () => versions,
    moments,
    async ingestUntilKilled(most = A_REQUEST) {
      const before = kills
      while (kills === before) {
        const touchpoints = aRequest(most)
        await live.deliver(touchpoints)
        for (const { id } of touchpoints as { id: string }[]) sent.set(id, (sent.get(id) ?? 0) + 1)
        versions += touchpoints.length
        await sleep(chance.between(0, 40))
      }
    },
    async login() {
      for (;;) {
        await live
          .reauthorizeLink()
          .then((link) => followReauthorizeLink(link, ACME))
          .catch(() => sleep(50))
        if ((await statusOf(live)) === 'connected') return
      }
    },
    status: () => statusOf(live),
    dieAt(call) {
      nextCall = { call, ...live.acme.bulk.pauseAfter(call) }
    },
    async killSoon() {
      const { name, release } = await (nextCall ? atBulkCall(nextCall, chance) : aMoment(live, chance))
      nextCall = null
      moments[name] = (moments[name] ?? 0) + 1
      await live.running().end('SIGKILL')
      release?.()
      kills++
      letTimePass(live.databaseFile)
      await live.start()
    },
    [Symbol.asyncDispose]: () => live[Symbol.asyncDispose](),
  }
}

async function statusOf(live: Live): Promise<unknown> {
  return (await live.api('/v1/connections/salesforce').catch(() => undefined))?.['status']
}

export async function untilRed({ status }: Life): Promise<void> {
  await soon('the connection is red', async () => (await status()) === 'authorization_required', 30_000)
}

interface Moment {
  readonly name: string
  readonly release?: () => void
}

interface PausedCall {
  readonly call: BulkCall
  readonly reached: Promise<void>
  readonly release: () => void
}

/** The beat comes after a second: half of the lives have one. */
const SOON_MS = 1800

/** Any moment, or the one in which the next call to the CRM or to Slack is under way. */
async function aMoment({ acme, slack }: Live, chance: Chance): Promise<Moment> {
  const name = chance.oneOf(['any', 'any', 'at the CRM', 'at Slack'] as const)
  if (name === 'any') {
    await sleep(chance.between(0, SOON_MS))
    return { name }
  }
  const calls = name === 'at the CRM' ? () => acme.calls.total : () => slack.calls.length
  const before = calls() + chance.between(0, 3)
  for (const end = performance.now() + SOON_MS; calls() <= before && performance.now() < end; ) await sleep(1)
  return { name }
}

/** Acted on and not answered, or a moment after the answer. There may be no such call. */
async function atBulkCall({ call, reached, release }: PausedCall, chance: Chance): Promise<Moment> {
  const isReached = await Promise.race([reached.then(() => true), sleep(2 * SOON_MS, false)])
  if (!isReached) return { name: `in vain for ${call}`, release }
  if (chance.happens(0.5)) return { name: `before the answer to ${call}`, release }
  release()
  await sleep(chance.between(0, 30))
  return { name: `after the answer to ${call}` }
}

/**
 * Ends the time in which the next outage would use the same card again, so that each has one of its own, and the time before a
 * bulk job is looked at again.
 */
function letTimePass(databaseFile: string): void {
  const database = new Database(databaseFile)
  database.prepare('update outages set closed_at = closed_at - ? where closed_at is not null').run(HALF_AN_HOUR_MS)
  database.prepare('update bulk_jobs set due_at = due_at - ?').run(HALF_AN_HOUR_MS)
  database.close()
}

/** The card of every outage and the report of every catch-up, by how often Slack shows it. */
export function shownMessages({ slack }: Live): Map<string, string[]> {
  const shown = new Map<string, string[]>()
  for (const top of slack.messages(MARKETING_OPS)) {
    for (const { metadata, text } of [top, ...slack.thread(MARKETING_OPS, top.ts)]) {
      const { message_id: id } = (metadata?.['event_payload'] ?? {}) as { message_id?: string }
      if (id !== undefined) shown.set(id, [...(shown.get(id) ?? []), text])
    }
  }
  return shown
}
