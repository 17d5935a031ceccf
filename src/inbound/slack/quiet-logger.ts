import { type Logger, LogLevel } from '@slack/bolt'

/** Bolt's own lines are prose and may quote payloads. What matters is logged where it is caught, as events. */
export const quietLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
}
