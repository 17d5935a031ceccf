/**
 * Every error that a person may meet, by code. The README lists them all; a test compares both ways.
 * What a caller should act on differently is not an error but a value (see the unions of `domain/`).
 */
export const ERROR_CODES = ['CONFIG_INVALID', 'DATABASE_WRONG_KIND', 'DATABASE_UNREACHABLE', 'SEAL_BROKEN', 'NOT_FOUND'] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

/** Says what happened to which thing and what to do. Ids yes, secrets and personal data no. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly next: string | undefined

  constructor(code: ErrorCode, message: string, options: { readonly cause?: unknown; readonly next?: string } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.next = options.next
  }
}
