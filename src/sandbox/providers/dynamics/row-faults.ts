import { ANSWERS, type Refusal } from './answers.ts'

/** Which records a fault hits: those that `matches` says, else every n-th new key; without both, all. */
export interface RowChoice {
  readonly every?: number
  readonly matches?: (key: string) => boolean
}

export interface RowFaults {
  reject(rule: (RowChoice & { readonly message?: string }) | null): void
  lock(rule: (RowChoice & { readonly times: number; readonly rows?: number }) | null): void
  unshare(rule: RowChoice | null): void
  readonly isRejecting: boolean
  /** What is wrong with one record, and counts the try. */
  refusalOf(key: string): Refusal | null
}

export function rowFaults(): RowFaults {
  let rejecting: { readonly message: string; readonly isChosen: (key: string) => boolean } | null = null
  let unshared: ((key: string) => boolean) | null = null
  let locking: {
    readonly times: number
    readonly rows: number
    readonly isChosen: (key: string) => boolean
    readonly tries: Map<string, number>
  } | null = null

  function isLocked(key: string): boolean {
    if (!locking?.isChosen(key)) return false
    const tried = locking.tries.get(key) ?? 0
    if (tried >= locking.times || (tried === 0 && locking.tries.size >= locking.rows)) return false
    locking.tries.set(key, tried + 1)
    return true
  }

  return {
    reject(rule) {
      const message = rule?.message ?? 'A touchpoint must belong to an open marketing campaign.'
      rejecting = rule && { message, isChosen: chooser(rule) }
    },
    lock(rule) {
      const rows = rule?.rows ?? Number.POSITIVE_INFINITY
      locking = rule && { times: rule.times, rows, isChosen: chooser(rule), tries: new Map() }
    },
    unshare(rule) {
      unshared = rule && chooser(rule)
    },
    get isRejecting() {
      return rejecting !== null
    },
    refusalOf(key) {
      if (rejecting?.isChosen(key)) return ANSWERS.plugin(rejecting.message)
      if (unshared?.(key)) return ANSWERS.notShared
      return isLocked(key) ? ANSWERS.locked : null
    },
  }
}

/** Remembers what it chose, so that a record has the same fate at each try. */
function chooser({ every, matches }: RowChoice): (key: string) => boolean {
  if (matches) return matches
  if (!every) return () => true
  const fates = new Map<string, boolean>()
  return (key) => {
    const known = fates.get(key)
    if (known !== undefined) return known
    const isChosen = (fates.size + 1) % every === 0
    fates.set(key, isChosen)
    return isChosen
  }
}
