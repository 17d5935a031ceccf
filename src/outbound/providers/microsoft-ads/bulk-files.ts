import { type Clock, MINUTE_MS, SECOND_MS } from '../../../clock.ts'
import type { AccountRef, Asked, Tokens } from '../../../domain/provider.ts'
import { asRecord, asText } from '../json.ts'
import { passes, verdictOf } from '../meaning.ts'
import { type Api, unreadable } from './api.ts'

/** DownloadEntity of what carries URL parameters: https://learn.microsoft.com/advertising/bulk-service/downloadentity (2026-11). */
export type BulkEntity = 'Campaigns' | 'AdGroups' | 'Ads' | 'AssetGroups'

export interface BulkOrder {
  readonly account: AccountRef
  readonly entities: readonly BulkEntity[]
  /** Only what was added, changed or deleted since; null: everything. */
  readonly since: Date | null
}

export interface BulkFile {
  /** A ZIP with one CSV. */
  readonly bytes: AsyncIterable<Uint8Array>
  /** It has everything there is, whatever was asked for. */
  readonly isFull: boolean
}

export interface BulkFiles {
  /** Waits for the file for half a minute. One that takes longer is `transient`, and is asked for again by the next order like it. */
  open(tokens: Tokens, order: BulkOrder): Promise<Asked<BulkFile>>
}

/**
 * "Consider polling at 15 to 20 second intervals" is said of accounts with all their keywords, which are left out here
 * (guides/bulk-download-upload, 2026-11).
 */
const WAITS_MS = [2 * SECOND_MS, 3 * SECOND_MS, 5 * SECOND_MS, 10 * SECOND_MS, 10 * SECOND_MS] as const
const ASK_AGAIN_MS = MINUTE_MS
/** A file tells how it was when it was asked for: an older one is not waited for. */
const KEEP_MS = 30 * MINUTE_MS

interface Asking {
  readonly requestId: string
  readonly since: Date | null
  readonly at: Date
}

interface BulkDeps {
  readonly clock: Clock
  wait(ms: number): Promise<void>
}

/**
 * DownloadCampaignsByAccountIds and GetBulkDownloadStatus: https://learn.microsoft.com/advertising/bulk-service (2026-11), in the form
 * in which Airbyte's source-bing-ads sends them. The status must be asked for by the user who asked for the file.
 */
export function bulkFiles(api: Api, { clock, wait }: BulkDeps): BulkFiles {
  const underWay = new Map<string, Asking>()

  async function open(tokens: Tokens, order: BulkOrder): Promise<Asked<BulkFile>> {
    const key = JSON.stringify([order.account.id, order.entities])
    const known = underWay.get(key)
    const asking = known && isFor(known, order, clock.now()) ? known : await begin(tokens, order)
    if ('kind' in asking) return asking
    underWay.set(key, asking)
    for (const ms of [0, ...WAITS_MS]) {
      if (ms > 0) await wait(ms)
      const state = await stateOf(api, tokens, order.account, asking)
      if (state.kind === 'in_progress') continue
      if (state.kind === 'refresh' || state.kind === 'rate_limited') return state // it comes again, with another token or later
      underWay.delete(key)
      if (state.kind !== 'needs_full') return state
      return asking.since === null ? verdictOf(FAILED, 'FailedFullSyncRequired', null) : open(tokens, { ...order, since: null })
    }
    return verdictOf(IN_PROGRESS, 'bulk_in_progress', ASK_AGAIN_MS)
  }

  async function begin(tokens: Tokens, { account, entities, since }: BulkOrder): Promise<Asking | Asked<never>> {
    const at = clock.now()
    const asked = await api.ask(
      tokens,
      'bulk',
      '/Campaigns/DownloadByAccountIds',
      {
        AccountIds: [account.id],
        CompressionType: 'Zip',
        DataScope: 'EntityData',
        DownloadEntities: entities,
        DownloadFileType: 'Csv',
        FormatVersion: '6.0',
        LastSyncTimeInUTC: since?.toISOString() ?? null,
      },
      account,
    )
    if (asked.kind !== 'ok') {
      return needsFull(asked.code) && since !== null ? begin(tokens, { account, entities, since: null }) : asked
    }
    const requestId = asText(asRecord(asked.value.json).DownloadRequestId)
    return requestId === null ? unreadable() : { requestId, since, at }
  }

  return { open }
}

/** One that tells too much is as good: whoever reads it looks at the times. */
function isFor({ at, since }: Asking, order: BulkOrder, now: Date): boolean {
  if (now.getTime() - at.getTime() > KEEP_MS) return false
  return since === null || (order.since !== null && since <= order.since)
}

type State = Asked<BulkFile> | { readonly kind: 'in_progress' } | { readonly kind: 'needs_full' }

async function stateOf(api: Api, tokens: Tokens, account: AccountRef, { requestId, since }: Asking): Promise<State> {
  const asked = await api.ask(tokens, 'bulk', '/BulkDownloadStatus/Query', { RequestId: requestId }, account)
  if (asked.kind !== 'ok') return needsFull(asked.code) ? { kind: 'needs_full' } : asked
  const { RequestStatus: status, ResultFileUrl: url } = asRecord(asked.value.json)
  switch (status) {
    case 'InProgress':
      return { kind: 'in_progress' }
    case 'FailedFullSyncRequired':
      return { kind: 'needs_full' }
    case 'Failed':
      return verdictOf(FAILED, 'bulk_failed', null)
    case 'Completed': {
      const address = asText(url)
      if (address === null) return unreadable()
      const file = await api.download(address)
      return file.kind === 'ok' ? { kind: 'ok', value: { bytes: file.value, isFull: since === null } } : file
    }
    default:
      return unreadable()
  }
}

/** 3603, where an account was moved: https://learn.microsoft.com/advertising/guides/operation-error-codes (2026-11). */
function needsFull(code: string): boolean {
  return /^(3603|(campaignservice|bulkservice)?FullSyncRequired)$/i.test(code)
}

const IN_PROGRESS = passes('Microsoft Advertising is still making the list of ads.')
const FAILED = passes('Microsoft Advertising could not make the list of ads.')
