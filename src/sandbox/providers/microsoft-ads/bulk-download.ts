import type { AdsContent } from './ad-libraries.ts'
import type { AdsFaultName } from './answers.ts'
import { csvOf } from './csv.ts'
import type { Files } from './files.ts'

/** learn.microsoft.com/advertising/bulk-service, REST (2026-08, read 2026-11). */
export interface BulkRequest {
  readonly AccountIds?: unknown
  readonly CompressionType?: unknown
  readonly DataScope?: unknown
  readonly DownloadEntities?: unknown
  readonly DownloadFileType?: unknown
  readonly FormatVersion?: unknown
  readonly LastSyncTimeInUTC?: unknown
}

interface Download {
  readonly username: string
  readonly accountId: string
  readonly csv: string
  readonly isDelta: boolean
  readonly readyAt: number
}

const ENTITIES = ['Campaigns', 'AdGroups', 'Ads', 'AssetGroups'] as const
type Entity = (typeof ENTITIES)[number]

const FURTHEST_SYNC_MS = 30 * 86_400_000

export interface BulkOptions {
  readonly contents: ReadonlyMap<string, AdsContent>
  readonly files: Files
  now(): Date
  /** How long a file takes. */
  takesMs(): number
  fails(): boolean
  /** Accounts that were moved between data centers want everything to be downloaded anew. */
  needsFull(): boolean
}

type Outcome = { readonly json: object } | AdsFaultName

export interface BulkDownloads {
  /** `mayRead`: whether the user reaches an account. */
  submit(username: string, request: BulkRequest, mayRead: (accountId: string) => boolean): Outcome
  status(username: string, requestId: unknown, origin: string): Outcome
}

export function bulkDownloads({ contents, files, now, takesMs, fails, needsFull }: BulkOptions): BulkDownloads {
  const downloads = new Map<string, Download>()

  return {
    submit(username, request, mayRead) {
      const read = readRequest(request, now())
      if (typeof read === 'string') return read
      const content = contents.get(read.accountId)
      if (!content) return 'unknownAccount'
      if (!mayRead(read.accountId)) return 'notAuthorized'
      const id = `70428${String(downloads.size + 1).padStart(7, '0')}`
      const csv = csvOf(rowsOf(content, read, now()), false)
      const isDelta = read.since !== null
      downloads.set(id, { username, accountId: read.accountId, csv, isDelta, readyAt: now().getTime() + takesMs() })
      return { json: { DownloadRequestId: id } }
    },
    status(username, requestId, origin) {
      const download = downloads.get(String(requestId))
      if (!download || download.username !== username) return 'invalidRequestId'
      if (fails()) return statusJson('Failed', 0, null)
      if (download.isDelta && needsFull()) return statusJson('FailedFullSyncRequired', 0, null)
      if (now().getTime() < download.readyAt) return statusJson('InProgress', 40, null)
      return statusJson('Completed', 100, `${origin}${files.add('Bulk', download.csv)}`)
    },
  }
}

function statusJson(status: string, percent: number, url: string | null): Outcome {
  const json = { Errors: [], ForwardCompatibilityMap: [], PercentComplete: percent, RequestStatus: status, ResultFileUrl: url }
  return { json }
}

interface Order {
  readonly accountId: string
  readonly entities: readonly Entity[]
  readonly since: Date | null
}

function readRequest(request: BulkRequest, now: Date): Order | AdsFaultName {
  const { AccountIds, CompressionType, DataScope, DownloadEntities, DownloadFileType, FormatVersion, LastSyncTimeInUTC } = request
  if (!Array.isArray(AccountIds) || AccountIds.length !== 1 || FormatVersion !== '6.0') return 'badRequest'
  if (CompressionType !== 'Zip' || DataScope !== 'EntityData' || DownloadFileType !== 'Csv') return 'badRequest'
  if (!Array.isArray(DownloadEntities) || DownloadEntities.length === 0) return 'badRequest'
  const entities = ENTITIES.filter((entity) => DownloadEntities.includes(entity))
  if (entities.length !== DownloadEntities.length) return 'badRequest'
  const since = LastSyncTimeInUTC === null || LastSyncTimeInUTC === undefined ? null : new Date(String(LastSyncTimeInUTC))
  if (since && Number.isNaN(since.getTime())) return 'badRequest'
  if (since && since > now) return 'syncInFuture'
  if (since && now.getTime() - since.getTime() > FURTHEST_SYNC_MS) return 'syncTooOld'
  return { accountId: String(AccountIds[0]), entities, since }
}

const COLUMNS = [
  'Type',
  'Status',
  'Id',
  'Parent Id',
  'Campaign',
  'Ad Group',
  'Sync Time',
  'Client Id',
  'Modified Time',
  'Final Url',
  'Final Url Suffix',
  'Headline',
  'Name',
] as const
type Cells = Partial<Record<(typeof COLUMNS)[number], string>>

/** Ads change when they are made, in this fake; campaigns and ad groups were made before anybody looked. */
function rowsOf(content: AdsContent, { accountId, entities, since }: Order, now: Date): readonly (readonly string[])[] {
  const { library, adGroup } = content
  const rows: Cells[] = [
    { Type: 'Format Version', Name: '6.0' },
    { Type: 'Account', Status: 'Active', Id: accountId, 'Sync Time': timeText(now) },
  ]
  for (const campaign of since === null ? library.campaigns : []) {
    const group = adGroup(campaign)
    const ofCampaign = { Type: 'Campaign', Id: campaign.id, 'Parent Id': accountId, 'Final Url Suffix': campaign.parameters }
    const ofGroup = { Type: 'Ad Group', Id: group.id, 'Parent Id': campaign.id, 'Final Url Suffix': group.parameters }
    if (entities.includes('Campaigns')) rows.push({ ...ofCampaign, Status: 'Active', Campaign: campaign.name })
    if (entities.includes('AdGroups'))
      rows.push({ ...ofGroup, Status: 'Active', Campaign: campaign.name, 'Ad Group': group.name })
  }
  for (const ad of entities.includes('Ads') ? library.ads : []) {
    const campaign = library.campaigns.find(({ id }) => id === ad.campaignId)
    if (!campaign || (since !== null && ad.createdAt < since)) continue
    const group = adGroup(campaign)
    rows.push({
      Type: 'Responsive Search Ad',
      Status: 'Active',
      Id: ad.id,
      'Parent Id': group.id,
      Campaign: campaign.name,
      'Ad Group': group.name,
      'Modified Time': timeText(ad.createdAt),
      'Final Url': ad.landingPage,
      'Final Url Suffix': ad.parameters,
      Headline: JSON.stringify([
        { id: 3, text: ad.name, editorialStatus: 'Active' },
        { id: 4, text: 'Book a demo', editorialStatus: 'Active' },
        { id: 5, text: 'Free for 30 days', editorialStatus: 'Active' },
      ]),
    })
  }
  return [COLUMNS, ...rows.map((cells) => COLUMNS.map((column) => cells[column] ?? ''))]
}

/** UTC, `04/27/2023 18:00:14.970`. */
function timeText(at: Date): string {
  const [day = '', time = ''] = at.toISOString().slice(0, -1).split('T')
  const [year, month, date] = day.split('-')
  return `${month}/${date}/${year} ${time}`
}
