import { hash } from 'node:crypto'
import type { Clock } from '../../../clock.ts'
import type { Asked, Tokens } from '../../../domain/provider.ts'
import type { Api } from './api.ts'
import { encoded, urnOf } from './restli.ts'
import { type TrackingMaps, textOf } from './tracking-text.ts'
import { unreadable } from './verdicts.ts'

/** Where LinkedIn keeps URL parameters ("Dynamic UTM"); a campaign's own count instead of those of its account. */
export interface Tracked {
  readonly entity: 'sponsoredAccount' | 'sponsoredCampaign'
  readonly id: string
}

/**
 * `adTrackingParameters`: of campaigns, since 202608 also of ad accounts. Not found where none are set. They take effect at once, on
 * ads that exist too, and no ad is reviewed again. https://learn.microsoft.com/linkedin/marketing/integrations/ads-reporting/dynamic-utm-tracking
 * (2026-11). @TODO source: that those of a campaign replace the account's, and do not add to them.
 */
function pathOf({ entity, id }: Tracked): string {
  return `/rest/adTrackingParameters/(adEntity:(${entity}:${encoded(urnOf(entity, id))}))`
}

/** Empty: none. */
export async function readTracking(api: Api, tokens: Tokens, tracked: Tracked): Promise<Asked<string>> {
  const asked = await api.find(tokens, pathOf(tracked))
  if (asked.kind !== 'ok') return asked
  const text = asked.value === null ? '' : textOf(asked.value)
  return text === null ? unreadable() : { kind: 'ok', value: text }
}

/**
 * Makes or replaces them; there is nothing in the resource but the two maps. The body names the entity again (422 without it), and a
 * token that makes a repeat harmless stands in the query (500 without it), as scripts found that set them (2026-09).
 */
export function writeTracking(
  api: Api,
  clock: Clock,
  tokens: Tokens,
  tracked: Tracked,
  maps: TrackingMaps,
): Promise<Asked<null>> {
  const body = { adEntity: { [tracked.entity]: urnOf(tracked.entity, tracked.id) }, ...maps }
  const token = uuidOf(JSON.stringify([body, clock.now().getTime()]))
  return api.put(tokens, `${pathOf(tracked)}?idempotencyToken=${token}`, body)
}

export function removeTracking(api: Api, tokens: Tokens, tracked: Tracked): Promise<Asked<null>> {
  return api.remove(tokens, pathOf(tracked))
}

/** The same for the same text. */
function uuidOf(text: string): string {
  const digits = hash('sha256', text)
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `8${digits.slice(13, 16)}`,
    `a${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join('-')
}
