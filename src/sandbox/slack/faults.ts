import { findMessage, removeMessage } from './conversation.ts'
import type { JsonObject } from './json.ts'
import { createRateLimits, type RateLimits } from './rate-limits.ts'
import type { World } from './world.ts'

/** What can go wrong with one call of the Web API. `commit` means that the work is done before the answer is lost. */
export type Fault =
  | { readonly kind: 'rate_limited'; readonly retryAfterSeconds: number | null }
  | { readonly kind: 'http_error'; readonly status: number }
  | { readonly kind: 'reset' }
  | { readonly kind: 'commit_then_reset' }
  | { readonly kind: 'commit_then_hang' }
  | { readonly kind: 'refuse'; readonly error: string }

interface FaultScope {
  /** How many calls; 1 if left out, `Infinity` until `clear()`. */
  readonly times?: number
  /** Only this method, `chat.postMessage`; any but apps.connections.open if left out. */
  readonly method?: string
}

/** Everything a person, an admin or bad luck can do to the app. Each takes effect at once. */
export interface Faults {
  /** 429 with `Retry-After` (1 s if left out; `null` leaves the header out). */
  rateLimit(options?: FaultScope & { retryAfterSeconds?: number | null }): void
  httpError(options?: FaultScope & { status?: number }): void
  /** The connection breaks before anything has been done. */
  reset(options?: FaultScope): void
  /** The work is done (the message is there), and the answer is lost. */
  commitThenReset(options?: FaultScope): void
  /** The work is done, and no answer ever comes. */
  commitThenHang(options?: FaultScope): void
  /** `internal_error` without having done anything. */
  internalError(options?: FaultScope): void
  /** From now on calls are counted, and 429 answers what is more than Slack's documented limits allow. */
  limitRates(areLimited?: boolean): void
  /** Any error code of Slack's. */
  refuse(error: string, options?: FaultScope): void
  /** apps.connections.open fails from now on, until told `null`. */
  refuseConnections(how: 'invalid_auth' | 'http_500' | null): void
  /** Forgets all of the above that has not struck yet. */
  clear(): void
  /** Every call with the bot token is refused from now on; `null` makes it valid again. */
  revokeBotToken(error?: 'token_revoked' | 'invalid_auth' | 'account_inactive' | null): void
  setScopes(scopes: readonly string[]): void
  /** Slack takes its time to look through files that are uploaded from now on: blocks that show one are refused so often. */
  lookThroughFilesLate(refusals?: number): void
  /** Retention takes all files away. */
  deleteFiles(): void
  archive(channelId: string, isArchived?: boolean): void
  removeBot(channelId: string, hasBot?: boolean): void
  /** The channel is shared with another company. */
  share(channelId: string, isExtShared?: boolean): void
  /** chat.update answers this code for every message; `null` allows editing again. */
  forbidEditing(error?: 'edit_window_closed' | 'cant_update_message' | null): void
  /** A person deletes the message. */
  deleteMessage(channelId: string, ts: string): void
  deactivate(userId: string, isDeactivated?: boolean): void
}

/** The side that the Web API reads. */
export interface ArmedFaults {
  readonly faults: Faults
  /** The fault for this call, used up by asking. */
  next(method: string, args: JsonObject): Fault | null
  editingRefusal(): string | null
  connectionsRefusal(): 'invalid_auth' | 'http_500' | null
}

/** A fault for "any" call must not be eaten by a socket that reconnects in the background. */
function anyMethod(method: string): string | null {
  return method === 'apps.connections.open' ? null : method
}

export function armFaults(world: World): ArmedFaults {
  let armed: { fault: Fault; method: string | undefined; left: number }[] = []
  let limits: RateLimits | null = null
  let editing: string | null = null
  let connections: 'invalid_auth' | 'http_500' | null = null
  const arm = (fault: Fault, scope: FaultScope = {}) => {
    armed.push({ fault, method: scope.method, left: scope.times ?? 1 })
  }
  const patchChannel = (id: string, patch: { isArchived?: boolean; hasBot?: boolean; isExtShared?: boolean }) => {
    const channel = world.channels.get(id)
    if (channel === undefined) throw new Error(`The sandbox has no channel ${id}`)
    world.channels.set(id, { ...channel, ...patch })
    world.changed()
  }
  const faults: Faults = {
    rateLimit: (options = {}) =>
      arm(
        { kind: 'rate_limited', retryAfterSeconds: options.retryAfterSeconds === undefined ? 1 : options.retryAfterSeconds },
        options,
      ),
    httpError: (options = {}) => arm({ kind: 'http_error', status: options.status ?? 500 }, options),
    reset: (options) => arm({ kind: 'reset' }, options),
    commitThenReset: (options) => arm({ kind: 'commit_then_reset' }, options),
    commitThenHang: (options) => arm({ kind: 'commit_then_hang' }, options),
    internalError: (options) => arm({ kind: 'refuse', error: 'internal_error' }, options),
    limitRates(areLimited = true) {
      limits = areLimited ? createRateLimits(world.now) : null
    },
    refuse: (error, options) => arm({ kind: 'refuse', error }, options),
    refuseConnections(how) {
      connections = how
    },
    clear() {
      armed = []
      editing = null
      connections = null
      world.refusalsOfNewFiles = 0
      world.unseenFiles.clear()
    },
    revokeBotToken(error = 'token_revoked') {
      world.tokens.botRefusal = error
      world.changed()
    },
    setScopes(scopes) {
      world.tokens.scopes = scopes
    },
    lookThroughFilesLate(refusals = Number.POSITIVE_INFINITY) {
      world.refusalsOfNewFiles = refusals
    },
    deleteFiles: () => world.files.clear(),
    archive: (id, isArchived = true) => patchChannel(id, { isArchived }),
    removeBot: (id, hasBot = false) => patchChannel(id, { hasBot }),
    share: (id, isExtShared = true) => patchChannel(id, { isExtShared }),
    forbidEditing(error = 'edit_window_closed') {
      editing = error
    },
    deleteMessage(channelId, ts) {
      const message = findMessage(world, channelId, ts)
      if (message === undefined) throw new Error(`No message ${ts} in ${channelId}`)
      removeMessage(world, message)
    },
    deactivate(userId, isDeactivated = true) {
      const person = world.people.get(userId)
      if (person === undefined) throw new Error(`The sandbox has no person ${userId}`)
      world.people.set(userId, { ...person, deleted: isDeactivated })
      world.changed()
    },
  }
  return {
    faults,
    next(method, args) {
      const hit = armed.find((entry) => (entry.method ?? anyMethod(method)) === method)
      if (hit === undefined) {
        const seconds = limits?.enter(method, args) ?? 0
        return seconds === 0 ? null : { kind: 'rate_limited', retryAfterSeconds: seconds }
      }
      hit.left -= 1
      armed = armed.filter((entry) => entry.left > 0)
      return hit.fault
    },
    editingRefusal: () => editing,
    connectionsRefusal: () => connections,
  }
}
