import type { JsonObject } from './json.ts'

/** Something that Slack tells the app. */
export interface Parcel {
  readonly type: 'slash_commands' | 'interactive' | 'events_api'
  readonly payload: JsonObject
  /** For events only: which repetition this is (0 is the first try) and why. */
  readonly retry?: { readonly attempt: number; readonly reason: string }
}

/** How the app answered. `operation_timeout`: not within 3 s. `dispatch_failed`: the app could not be reached. */
export type Receipt =
  | { readonly kind: 'acked'; readonly body: unknown }
  | {
      readonly kind: 'failed'
      readonly error: 'operation_timeout' | 'dispatch_failed' | 'http_service_error'
      readonly isFinal?: boolean
    }

/** The way from Slack to the app: Socket Mode or HTTP. */
export interface Delivery {
  send(parcel: Parcel): Promise<Receipt>
}
