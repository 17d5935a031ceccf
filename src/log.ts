/** Field values are ids, counts, words of ours. Never a token, a code, a state, a body, a name or an e-mail. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>

/** One line per thing that happened. `info` it happened, `warn` we will try again, `error` a person must look. */
export interface Log {
  info(event: LogEvent, fields?: LogFields): void
  warn(event: LogEvent, fields?: LogFields): void
  error(event: LogEvent, fields?: LogFields, cause?: unknown): void
}

/** Constant names, `<thing>.<what_happened>`. */
export type LogEvent = `${string}.${string}`

export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }
