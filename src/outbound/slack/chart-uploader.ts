import { WebAPIPlatformError, type WebClient } from '@slack/web-api'
import { type Clock, later, MINUTE_MS, SECOND_MS } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Chart } from '../../messages/charts/chart.ts'
import { readRefusal } from './refusal.ts'

export interface ChartUploader {
  /** The chart as a file in Slack, which only its blocks show. Uploaded once while it looks the same; null: it can't be. Never rejects. */
  upload(about: string, chart: Chart): Promise<string | null>
  /** Slack would not show it in a message. */
  refused(about: string): void
}

interface UploaderDeps {
  readonly client: WebClient
  toPng(svg: string): Promise<Uint8Array<ArrayBuffer>>
  readonly clock: Clock
  readonly log: Log
}

interface Uploaded {
  readonly svg: string
  readonly at: Date
  readonly fileId: Promise<string | null>
}

/** Optional: without it charts are drawn as text. */
const SCOPE = 'files:write'
/** Refusals that are the same the next time (docs.slack.dev/reference/methods/files.getUploadURLExternal, read 2026-11-29). */
const LASTING = new Set(['missing_scope', 'access_denied', 'file_uploads_disabled', 'file_type_not_allowed', 'ekm_access_denied'])
/** A right that is given later counts after this. */
const LOOK_AGAIN_MS = 10 * MINUTE_MS
/** Slack looks through new files before it shows them; one that is older and not shown is gone. */
const NEW_MS = MINUTE_MS
const UPLOAD_TIMEOUT_MS = 10 * SECOND_MS
const MOST_KEPT = 500

/**
 * Uploads as docs.slack.dev/messaging/working-with-files says (read 2026-11-29). Draws nothing where Slack would not take it.
 *
 * Files that were shared nowhere are their uploader's, and whoever reads a message sees those that its blocks show
 * (slack.com/blog/developers/uploading-private-images-blockkit, read 2026-11-29).
 * @TODO source: that this goes for a message that only one person sees, too. Where it does not, that person has the alternative text.
 */
export function chartUploader({ client, toPng, clock, log }: UploaderDeps): ChartUploader {
  const kept = new Map<string, Uploaded>()
  let right = { isGiven: false, until: new Date(0) }

  async function mayUpload(): Promise<boolean> {
    if (clock.now() < right.until) return right.isGiven
    const { response_metadata } = await client.auth.test()
    const scopes = response_metadata?.scopes ?? []
    right = { isGiven: scopes.length === 0 || scopes.includes(SCOPE), until: later(clock.now(), LOOK_AGAIN_MS) }
    return right.isGiven
  }

  async function send(chart: Chart): Promise<string | null> {
    if (!(await mayUpload())) return null
    const png = await toPng(chart.svg)
    const { upload_url: url, file_id: id } = await client.files.getUploadURLExternal({
      filename: 'chart.png',
      length: png.length,
    })
    if (url === undefined || id === undefined) throw new Error('Slack named no address to upload to')
    await put(url, png)
    await client.files.completeUploadExternal({ files: [{ id, title: chart.title }] })
    return id
  }

  /** The address is the permission: our token does not go there. */
  async function put(url: string, png: Uint8Array<ArrayBuffer>): Promise<void> {
    const { protocol, origin } = new URL(url)
    if (protocol !== 'https:' && origin !== new URL(client.slackApiUrl).origin)
      throw new Error('the address to upload to is not safe')
    const answer = await fetch(url, {
      method: 'POST',
      body: png,
      redirect: 'error',
      signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
    })
    await answer.body?.cancel()
    if (!answer.ok) throw new Error(`the upload was answered with ${answer.status}`)
  }

  async function trySend(about: string, chart: Chart): Promise<string | null> {
    try {
      const fileId = await send(chart)
      if (fileId !== null) return fileId
    } catch (error) {
      if (error instanceof WebAPIPlatformError && LASTING.has(error.data.error))
        right = { isGiven: false, until: later(clock.now(), LOOK_AGAIN_MS) }
      const refusal = readRefusal(error, 'update')
      log.warn('slack.chart_not_uploaded', { outcome: refusal.kind, reason: 'reason' in refusal ? refusal.reason : null })
    }
    if (kept.get(about)?.svg === chart.svg) kept.delete(about)
    return null
  }

  return {
    upload(about, chart) {
      const known = kept.get(about)
      if (known?.svg === chart.svg) return known.fileId
      const fileId = trySend(about, chart)
      kept.set(about, { svg: chart.svg, at: clock.now(), fileId })
      for (const oldest of kept.keys()) {
        if (kept.size <= MOST_KEPT) break
        kept.delete(oldest)
      }
      return fileId
    },
    refused(about) {
      const known = kept.get(about)
      if (known && clock.now() >= later(known.at, NEW_MS)) kept.delete(about)
    },
  }
}
