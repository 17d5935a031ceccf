import { pino } from 'pino'
import type { Log } from '../log.ts'

type Level = 'debug' | 'info' | 'warn' | 'error' | 'silent'

export interface LineStream {
  write(line: string): unknown
}

/** JSON lines on stderr; stdout stays free for the answers of commands. */
export function pinoLog(level: Level, stream: LineStream = process.stderr): Log {
  const logger = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    stream,
  )
  return {
    info: (event, fields) => logger.info({ event, ...fields }),
    warn: (event, fields) => logger.warn({ event, ...fields }),
    error: (event, fields, cause) =>
      logger.error({ event, ...fields, ...(cause === undefined ? {} : { cause: describeCause(cause) }) }),
  }
}

/** What an error may tell a log: database drivers put the values of a statement into messages, so those are cut off. */
function describeCause(cause: unknown): Record<string, unknown> {
  if (!(cause instanceof Error)) return { message: 'not an error' }
  const message = cause.message.split(/\nparams:|\n/)[0]?.slice(0, 300)
  const inner = cause.cause instanceof Error ? { cause: describeCause(cause.cause) } : {}
  const at = cause.stack
    ?.split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 6)
    .map((line) => line.trim())
  return { name: cause.name, ...('code' in cause ? { code: cause.code } : {}), message, at, ...inner }
}
