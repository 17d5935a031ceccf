import type { AcceptedTouchpoint, WaitingTouchpoint } from '../../domain/outbox/touchpoint.ts'
import { AppError, ERROR_CODES, type ErrorCode } from '../../errors.ts'
import type { OpenOptions } from './store.ts'

/** What the thread of a store is started with. */
export interface StoreThreadData {
  readonly databaseUrl: string
  readonly options: OpenOptions
}

/** A call of the store: `['outbox', 'accept']` or `['ping']`. */
export interface Call {
  readonly number: number
  readonly path: readonly string[]
  readonly args: readonly unknown[]
}

/** `number` of the call; 0: the store is open, or could not be opened. */
export interface Reply {
  readonly number: number
  readonly result?: unknown
  readonly error?: PackedError
}

/**
 * How what is large crosses threads: one text instead of thousands of objects, which cost ten times as much to copy.
 * Ids have no control characters and payloads are one line, so a line break parts them.
 */
export const PACKED: Readonly<Record<string, { readonly args?: Packing; readonly result?: Packing }>> = {
  'outbox.accept': {
    args: {
      pack: ([connectionId, touchpoints, at]: [string, readonly AcceptedTouchpoint[], Date]) => {
        return [connectionId, joined(touchpoints, ['id', 'hash', 'payload']), at]
      },
      unpack: ([connectionId, lines, at]: [string, Lines, Date]) => {
        const [ids = [], hashes = [], payloads = []] = lines.texts.map(split)
        return [connectionId, ids.map((id, index) => ({ id, hash: hashes[index], payload: payloads[index] })), at]
      },
    },
  },
  'outbox.waiting': {
    result: {
      pack: (rows: readonly WaitingTouchpoint[]) => ({
        ...joined(rows, ['id', 'payload']),
        keys: Float64Array.from(rows, ({ key }) => key),
        attempts: Int32Array.from(rows, ({ attempts }) => attempts),
      }),
      unpack: ({ texts, keys, attempts }: Lines & { keys: Float64Array; attempts: Int32Array }) => {
        const [ids = [], payloads = []] = texts.map(split)
        return ids.map((id, index) => ({ key: keys[index], id, payload: payloads[index], attempts: attempts[index] }))
      },
    },
  },
}

// biome-ignore lint/suspicious/noExplicitAny: each knows the shape of its own call; see `Store`.
type Packing = { pack(value: any): unknown; unpack(packed: any): unknown }

interface Lines {
  readonly texts: readonly string[]
}

function joined<T>(items: readonly T[], names: readonly (keyof T & string)[]): Lines {
  return { texts: items.length === 0 ? [] : names.map((name) => items.map((item) => item[name]).join('\n')) }
}

function split(text: string): string[] {
  return text.split('\n')
}

/** An error as it crosses threads: copying keeps neither its class nor its code. */
export interface PackedError {
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
  readonly code: string | undefined
  readonly next: string | undefined
  readonly cause: PackedError | undefined
}

export function packError(error: unknown): PackedError {
  if (!(error instanceof Error)) return packError(new Error(String(error)))
  const { name, message, stack, cause } = error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const next = error instanceof AppError ? error.next : undefined
  return { name, message, stack, code, next, cause: cause === undefined ? undefined : packError(cause) }
}

export function unpackError({ name, message, stack, code, next, cause }: PackedError): Error {
  const because = cause && { cause: unpackError(cause) }
  const error =
    name === 'AppError' && isErrorCode(code)
      ? new AppError(code, message, { ...because, ...(next !== undefined && { next }) })
      : Object.assign(new Error(message, because), { name, ...(code !== undefined && { code }) })
  if (stack !== undefined) error.stack = stack
  return error
}

function isErrorCode(code: string | undefined): code is ErrorCode {
  return (ERROR_CODES as readonly (string | undefined)[]).includes(code)
}
