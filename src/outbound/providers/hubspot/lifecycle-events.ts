import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Clock, MINUTE_MS } from '../../../clock.ts'
import type { Listener } from '../../../domain/provider.ts'
import { parseJson } from '../http.ts'
import { asList, asRecord, type JsonRecord } from '../json.ts'

/** Requests that are older are refused. */
const WINDOW_MS = 5 * MINUTE_MS

/** `APP_LIFECYCLE_EVENT`, app uninstalled (specification of webhooks 2026-03, read 2026-11). */
const UNINSTALLED = '4-1916193'

/**
 * Webhooks about the app itself: a portal that uninstalls it. Signed with `X-HubSpot-Signature-v3`, base64 of HMAC-SHA256 over
 * method, address, body and timestamp, keyed with the client secret.
 * https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation (2026-11)
 */
export function hubspotLifecycleEvents(clock: Clock, { clientSecret }: { readonly clientSecret: string }): Listener {
  return {
    providers: ['hubspot'],
    async hear({ url, headers, body }) {
      const timestamp = headers['x-hubspot-request-timestamp'] ?? ''
      const ageMs = Math.abs(clock.now().getTime() - Number(timestamp))
      if (timestamp === '' || !(ageMs <= WINDOW_MS)) return { kind: 'forged', why: 'not of the last five minutes' }
      const expected = createHmac('sha256', clientSecret).update(`POST${url}${body}${timestamp}`).digest()
      const given = Buffer.from(headers['x-hubspot-signature-v3'] ?? '', 'base64')
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { kind: 'forged', why: 'wrong signature' }
      const accountIds = asList(parseJson(body))
        .map(asRecord)
        .filter(isUninstall)
        .map(({ portalId }) => String(portalId))
      return { kind: 'heard', id: null, ended: { providerUserIds: [], accountIds } }
    },
  }
}

/** Subscriptions of the older kind name the event, those of the newer its type. */
function isUninstall({ eventTypeId, subscriptionType, action }: JsonRecord): boolean {
  return eventTypeId === UNINSTALLED || [subscriptionType, action].some((said) => /uninstall/i.test(String(said)))
}
