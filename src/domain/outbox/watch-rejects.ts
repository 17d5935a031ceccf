import { HOUR_MS, later, MINUTE_MS } from '../../clock.ts'
import { newMessage } from '../cards/new-message.ts'
import type { Connection } from '../connections/connection.ts'
import { isCrm, type Mapping } from '../crm.ts'
import type { Deps } from '../deps.ts'
import { recordMaker } from './mapping.ts'
import { type AlarmedReason, isOf, judgeRejects, type RejectAlarm, TELL_AGAIN_MS, untold } from './reject-alarm.ts'
import type { AlikeRejects, RejectWindow } from './reject-window.ts'
import type { Touchpoint } from './touchpoint-schema.ts'

type WatchDeps = Pick<Deps, 'store' | 'providers' | 'clock' | 'newId' | 'settings' | 'log'>

/** A card's number is edited at most this often. */
const EDIT_EVERY_MS = 3 * MINUTE_MS
/** Reasons that the card of a stop tells. */
const REASONS = 3
const EXAMPLES = 5
/** Rows that are looked at for examples. */
const LOOK_AT = 50

/** Tells what CRMs refuse alike, and keeps the numbers on those cards up. Runs on the beat. */
export async function tellRejects(deps: WatchDeps): Promise<void> {
  const { store, clock } = deps
  for (const window of await store.rejectAlarms.windows(later(clock.now(), -HOUR_MS))) {
    if (!(await stopIfRefused(deps, window))) await tellAlike(deps, window)
  }
  await store.rejectAlarms.touch(clock.now(), EDIT_EVERY_MS)
}

/**
 * Stops pushing to a CRM that refuses nearly everything, until a person looks. Asked after each settlement with rejects, and again on
 * the beat, in case the process ended in between. Answers whether pushing must stop.
 */
export async function stopIfRefused(deps: WatchDeps, window: RejectWindow): Promise<boolean> {
  const { store, clock, log } = deps
  const now = clock.now()
  const { stop, reasons, settledFrom } = judgeRejects(window, now)
  const connection = stop && (await store.connections.find(window.connectionId))
  if (!stop || !connection) return false
  const explained = await explain(deps, connection, reasons.slice(0, REASONS))
  const [alarm, message] = newAlarm(deps, connection, { kind: 'stopped', ...stop, settledFrom, reasons: explained })
  const hold = { connectionId: connection.id, reason: 'rejects' as const, since: now, until: null, by: null, detail: {} }
  if (await store.rejectAlarms.raise(alarm, message, hold, now))
    log.error('rejects.pushing_stopped', { connectionId: connection.id, ...stop, code: reasons[0]?.code })
  return true
}

async function tellAlike(deps: WatchDeps, window: RejectWindow): Promise<void> {
  const { store, clock, log } = deps
  const now = clock.now()
  const { alike, settled, settledFrom } = judgeRejects(window, now)
  if (alike.length === 0) return
  const alarms = await store.rejectAlarms.since(window.connectionId, later(now, -TELL_AGAIN_MS))
  const connection = await store.connections.find(window.connectionId)
  if (!connection) return
  for (const reason of await explain(deps, connection, untold(alike, alarms, now))) {
    const told = { kind: 'alike' as const, settled, settledFrom, rejected: reason.count, reasons: [reason] }
    const [alarm, message] = newAlarm(deps, connection, told)
    if (await store.rejectAlarms.raise(alarm, message, null, now))
      log.warn('rejects.told', { connectionId: connection.id, code: reason.code, rejected: reason.count })
  }
}

function newAlarm(
  deps: WatchDeps,
  connection: Connection,
  told: Pick<RejectAlarm, 'kind' | 'settled' | 'settledFrom' | 'rejected' | 'reasons'>,
): [RejectAlarm, ReturnType<typeof newMessage>] {
  const message = newMessage(deps, connection, 'rejects')
  const { id: messageId, createdAt: since } = message
  return [{ messageId, connectionId: connection.id, since, liftedBy: null, liftedAt: null, ...told }, message]
}

/** Finds the ids of some, and what the first had in the field. */
async function explain(deps: WatchDeps, connection: Connection, reasons: readonly AlikeRejects[]): Promise<AlarmedReason[]> {
  const mapping = await mappingOf(deps, connection)
  const explained: AlarmedReason[] = []
  for (const reason of reasons) {
    const { code, field, key } = reason
    const found = await deps.store.rejects.page(connection.id, { code, field }, key - 1, LOOK_AT)
    const those = found.filter((reject) => isOf(reason, reject))
    const value = mapping && field !== null && those[0] ? valueIn(mapping, JSON.parse(those[0].payload), field) : null
    explained.push({ ...reason, value, examples: those.slice(0, EXAMPLES).map(({ id }) => id) })
  }
  return explained
}

async function mappingOf({ store, providers }: WatchDeps, { id, provider: name }: Connection): Promise<Mapping | undefined> {
  const provider = providers.get(name)
  return (await store.connections.mapping(id)) ?? (provider && isCrm(provider) ? provider.defaultMapping : undefined)
}

/** In characters. */
const VALUE_CAP = 200

function valueIn(mapping: Mapping, touchpoint: Touchpoint, field: string): string | null {
  const value = recordMaker(mapping)(touchpoint).record[field]
  return value === null || value === undefined ? null : String(value).slice(0, VALUE_CAP).toWellFormed()
}
