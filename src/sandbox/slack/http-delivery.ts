import { createHmac } from 'node:crypto'
import type { Delivery, Parcel, Receipt } from './delivery.ts'
import { isObject, parseJson } from './json.ts'

export interface HttpDeliveryOptions {
  /** One address for commands, interactions and events. */
  readonly eventsUrl: string
  readonly signingSecret: string
  readonly ackTimeoutMs: number
  readonly now: () => Date
}

/** HTTP mode, Slack's side: signs each payload (v0) and posts it. */
export function createHttpDelivery(options: HttpDeliveryOptions): Delivery & { close(): void } {
  const closing = new AbortController()
  return {
    async send(parcel) {
      const { body, contentType } = encode(parcel)
      const timestamp = String(Math.floor(options.now().getTime() / 1000))
      try {
        const response = await fetch(options.eventsUrl, {
          method: 'POST',
          body,
          redirect: 'manual',
          headers: {
            'content-type': contentType,
            'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
            'x-slack-request-timestamp': timestamp,
            'x-slack-signature': sign(options.signingSecret, timestamp, body),
            ...retryHeaders(parcel),
          },
          signal: AbortSignal.any([closing.signal, AbortSignal.timeout(options.ackTimeoutMs)]),
        })
        return read(response, await response.text())
      } catch (error) {
        const isTimeout = error instanceof Error && error.name === 'TimeoutError'
        return { kind: 'failed', error: isTimeout ? 'operation_timeout' : 'dispatch_failed' }
      }
    },
    close: () => closing.abort(),
  }
}

/** `v0=` and the hex HMAC-SHA256 of `v0:{timestamp}:{body}`. */
function sign(secret: string, timestamp: string, body: string): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`
}

function encode(parcel: Parcel): { body: string; contentType: string } {
  if (parcel.type === 'events_api') return { body: JSON.stringify(parcel.payload), contentType: 'application/json' }
  const fields = parcel.type === 'slash_commands' ? parcel.payload : { payload: JSON.stringify(parcel.payload) }
  const form = new URLSearchParams(Object.entries(fields).map(([key, value]): [string, string] => [key, String(value)]))
  return { body: form.toString(), contentType: 'application/x-www-form-urlencoded' }
}

function retryHeaders({ retry }: Parcel): Record<string, string> {
  if (retry === undefined || retry.attempt === 0) return {}
  return { 'x-slack-retry-num': String(retry.attempt), 'x-slack-retry-reason': retry.reason }
}

function read(response: Response, text: string): Receipt {
  if (response.status !== 200) {
    return { kind: 'failed', error: 'http_service_error', isFinal: response.headers.get('x-slack-no-retry') === '1' }
  }
  const json = parseJson(text)
  return { kind: 'acked', body: isObject(json) ? json : text === '' ? undefined : text }
}
