import type { CampaignCost } from '../../domain/ads.ts'
import type { CostDownload, CostStore } from '../../domain/costs/cost-store.ts'
import type { OutboxStore } from '../../domain/outbox/outbox-store.ts'
import type { AcceptedTouchpoint, Settlement } from '../../domain/outbox/touchpoint.ts'
import { AppError, ERROR_CODES, type ErrorCode } from '../../errors.ts'
import type { OpenOptions } from './store.ts'
import { waitingRows } from './waiting.ts'

/** What the thread of a store is started with. */
export interface StoreThreadData {
  readonly databaseUrl: string
  readonly options: OpenOptions
}

/** A call of the store: `['outbox', 'accept']` or `['ping']`. */
export interface Call {
  readonly number: number
  readonly path: readonly string[]
  readonly args: readonly unknown[]
}

/** `number` of the call; 0: the store is open, or could not be opened. */
export interface Reply {
  readonly number: number
  readonly result?: unknown
  readonly error?: PackedError
}

/**
 * How what is large crosses threads: as one text instead of thousands of objects, which cost ten times as much to copy, or as the
 * tables have it. Ids have no control characters and payloads are one line, so a line break parts them.
 */
export const PACKED: Readonly<Record<string, Packing>> = {
  'outbox.accept': {
    packArgs: ([connectionId, touchpoints, at]: Parameters<OutboxStore['accept']>) => [connectionId, joined(touchpoints), at],
    unpackArgs: ([connectionId, lines, at]: [string, JoinedTouchpoints, Date]) => [connectionId, parted(lines), at],
  },
  'outbox.settle': {
    packArgs: ([connectionId, settlements, ...rest]: Parameters<OutboxStore['settle']>) => [
      connectionId,
      byKind(settlements),
      ...rest,
    ],
    unpackArgs: ([connectionId, { pushed, others }, ...rest]: [string, SettlementsByKind, ...unknown[]]) => {
      return [connectionId, [...Array.from(pushed, (key) => ({ kind: 'pushed', key })), ...others], ...rest]
    },
  },
  'costs.take': {
    packArgs: ([seen, told]: Parameters<CostStore['take']>) => [seen, byColumn(told)],
    unpackArgs: ([seen, columns]: [CostDownload, CostColumns]) => [seen, byRow(columns)],
  },
  'outbox.waiting': { asked: ['outbox', 'waitingBodies'], unpackResult: waitingRows },
}

interface Packing {
  /** What is asked in the thread instead. */
  readonly asked?: readonly string[]
  // biome-ignore-start lint/suspicious/noExplicitAny: each knows the shape of its own call; see `Store`.
  readonly packArgs?: (args: any) => readonly unknown[]
  readonly unpackArgs?: (packed: any) => readonly unknown[]
  readonly unpackResult?: (packed: any) => unknown
  // biome-ignore-end lint/suspicious/noExplicitAny: see above
}

interface JoinedTouchpoints {
  readonly ids: string
  readonly hashes: string
  readonly payloads: string
}

function joined(touchpoints: readonly AcceptedTouchpoint[]): JoinedTouchpoints {
  return {
    ids: touchpoints.map(({ id }) => id).join('\n'),
    hashes: touchpoints.map(({ hash }) => hash).join('\n'),
    payloads: touchpoints.map(({ payload }) => payload).join('\n'),
  }
}

function parted({ ids, hashes, payloads }: JoinedTouchpoints): AcceptedTouchpoint[] {
  if (ids === '') return []
  const [hashOf, payloadOf] = [hashes.split('\n'), payloads.split('\n')]
  return ids.split('\n').map((id, index) => ({ id, hash: hashOf[index] ?? '', payload: payloadOf[index] ?? '' }))
}

interface SettlementsByKind {
  readonly pushed: Float64Array
  readonly others: readonly Settlement[]
}

function byKind(settlements: readonly Settlement[]): SettlementsByKind {
  const pushed = settlements.flatMap((one) => (one.kind === 'pushed' ? one.key : []))
  return { pushed: Float64Array.from(pushed), others: settlements.filter(({ kind }) => kind !== 'pushed') }
}

type CostColumns = { readonly [Name in keyof CampaignCost]: readonly CampaignCost[Name][] }

function byColumn(told: readonly CampaignCost[]): CostColumns {
  return {
    day: told.map(({ day }) => day),
    campaignId: told.map(({ campaignId }) => campaignId),
    campaignName: told.map(({ campaignName }) => campaignName),
    micros: told.map(({ micros }) => micros),
    clicks: told.map(({ clicks }) => clicks),
    impressions: told.map(({ impressions }) => impressions),
  }
}

function byRow({ day: days, campaignId, campaignName, micros, clicks, impressions }: CostColumns): CampaignCost[] {
  return days.map((day, row) => ({
    day,
    campaignId: campaignId[row] ?? '',
    campaignName: campaignName[row] ?? '',
    micros: micros[row] ?? 0n,
    clicks: clicks[row] ?? 0,
    impressions: impressions[row] ?? 0,
  }))
}

/** An error as it crosses threads: copying keeps neither its class nor its code. */
export interface PackedError {
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
  readonly code: string | undefined
  readonly next: string | undefined
  readonly cause: PackedError | undefined
}

export function packError(error: unknown): PackedError {
  if (!(error instanceof Error)) return packError(new Error(String(error)))
  const { name, message, stack, cause } = error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const next = error instanceof AppError ? error.next : undefined
  return { name, message, stack, code, next, cause: cause === undefined ? undefined : packError(cause) }
}

export function unpackError({ name, message, stack, code, next, cause }: PackedError): Error {
  const because = cause && { cause: unpackError(cause) }
  const error =
    name === 'AppError' && isErrorCode(code)
      ? new AppError(code, message, { ...because, ...(next !== undefined && { next }) })
      : Object.assign(new Error(message, because), { name, ...(code !== undefined && { code }) })
  if (stack !== undefined) error.stack = stack
  return error
}

function isErrorCode(code: string | undefined): code is ErrorCode {
  return (ERROR_CODES as readonly (string | undefined)[]).includes(code)
}
