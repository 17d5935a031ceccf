import type { Http, HttpResult } from './http.ts'
import { asCount, asRecord, asText, type JsonRecord } from './json.ts'

/** What RFC 6749 5.1 names, each missing member `null`; `body` has what a provider adds. */
export interface TokenAnswer {
  readonly accessToken: string
  readonly refreshToken: string | null
  readonly scopes: readonly string[] | null
  readonly expiresInSeconds: number | null
  readonly body: JsonRecord
}

/** One post to a token endpoint. It is never repeated by itself: codes and rotating refresh tokens are used up by the first. */
export function postForm(http: Http, url: string, form: Readonly<Record<string, string>>): Promise<HttpResult> {
  return http.send({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
    once: true,
  })
}

/** `null` when there is no access token in it, whatever the status was. */
export function readTokenAnswer(json: unknown): TokenAnswer | null {
  const body = asRecord(json)
  const accessToken = asText(body.access_token)
  if (accessToken === null) return null
  return {
    accessToken,
    refreshToken: asText(body.refresh_token),
    scopes: asText(body.scope)?.split(/[\s,]+/) ?? null,
    expiresInSeconds: asCount(body.expires_in),
    body,
  }
}
