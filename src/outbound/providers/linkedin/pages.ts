import type { Asked, Tokens } from '../../../domain/provider.ts'
import { asRecord, asText, type JsonRecord } from '../json.ts'
import type { Api } from './api.ts'
import { unreadable } from './verdicts.ts'

/** An ad account holds 15,000 creatives at most, of which a page has 100. */
const MAX_PAGES = 200

interface Finder {
  /** With its query, which names a page size. */
  readonly path: string
  readonly method?: 'FINDER'
}

type Read = (elements: readonly JsonRecord[]) => Promise<Asked<'more' | 'enough'>>

/**
 * Goes through the pages of a finder until `read` has enough. https://learn.microsoft.com/linkedin/marketing/integrations/ads/cursor-based-pagination
 * (2026-11): `metadata.nextPageToken`, missing on the last one.
 */
export async function readPages(api: Api, tokens: Tokens, { path, method }: Finder, read: Read): Promise<Asked<null>> {
  let pageToken = ''
  for (let page = 0; page < MAX_PAGES; page++) {
    const next = pageToken === '' ? '' : `&pageToken=${encodeURIComponent(pageToken)}`
    const asked = await api.get(tokens, `${path}${next}`, method)
    if (asked.kind !== 'ok') return asked
    const { elements, metadata } = asked.value
    if (!Array.isArray(elements)) return unreadable()
    const wanted = await read(elements.map(asRecord))
    if (wanted.kind !== 'ok') return wanted
    const told = asText(asRecord(metadata).nextPageToken) ?? ''
    if (wanted.value === 'enough' || told === '') return { kind: 'ok', value: null }
    if (told === pageToken) return unreadable()
    pageToken = told
  }
  return unreadable()
}
