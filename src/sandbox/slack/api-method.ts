import type { JsonObject } from './json.ts'

/** One method of the Web API. `run` answers the fields beside `ok: true`, or throws an ApiRefusal. */
export interface ApiMethod {
  /** The scope that the call needs; `null` for none. */
  scope(args: JsonObject): string | null
  /** The token it takes; the bot's if left out. `none`: it is called with a client secret instead. */
  readonly token?: 'bot' | 'app' | 'none'
  run(args: JsonObject): JsonObject
}
