import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Listener } from '../../../domain/provider.ts'
import { parseJson } from '../http.ts'
import { asRecord, asText } from '../json.ts'

/**
 * The deauthorize callback: a form with `signed_request`, `base64url(signature).base64url(payload)`; the signature is HMAC-SHA256 of
 * the payload as it stands there, keyed with the app secret. The payload names the user as this app knows them.
 * https://developers.facebook.com/docs/facebook-login/guides/advanced/oauth-protocols (2026-11)
 */
export function metaDeauthorization({ clientSecret }: { readonly clientSecret: string }): Listener {
  return {
    providers: ['meta'],
    async hear({ body }) {
      const [signature = '', payload = ''] = (new URLSearchParams(body).get('signed_request') ?? '').split('.', 2)
      const expected = createHmac('sha256', clientSecret).update(payload).digest()
      const given = Buffer.from(signature, 'base64url')
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { kind: 'forged', why: 'wrong signature' }
      const said = asRecord(parseJson(Buffer.from(payload, 'base64url').toString()))
      const userId = asText(said.user_id)
      if (asText(said.algorithm)?.toUpperCase() !== 'HMAC-SHA256' || userId === null)
        return { kind: 'forged', why: 'a signed request of another form' }
      return { kind: 'heard', id: null, ended: { providerUserIds: [userId], accountIds: [] } }
    },
  }
}
