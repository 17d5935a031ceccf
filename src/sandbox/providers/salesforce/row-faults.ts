import { type RecordError, ROW_LOCKED, recordError } from './answers.ts'

/** Which rows a fault hits: those that `matches` says, else every n-th new external id; without both, all. */
interface RowChoice {
  readonly every?: number
  readonly matches?: (externalId: string) => boolean
}

/** Refuses the chosen rows for as long as it is set, also when they are sent again. */
export interface RejectRule extends RowChoice {
  readonly code: 'REQUIRED_FIELD_MISSING' | 'FIELD_CUSTOM_VALIDATION_EXCEPTION'
  readonly message?: string
  readonly fields?: readonly string[]
}

/** Each chosen row is locked for its next `times` tries; `rows` caps how many rows are chosen. */
export interface LockRule extends RowChoice {
  readonly times: number
  readonly rows?: number
}

export interface RowFaults {
  reject(rule: RejectRule | null): void
  lock(rule: LockRule | null): void
  readonly isRejecting: boolean
  readonly isLocking: boolean
  /** The error of one row, and counts the try. Ids come in the form in which they are compared. */
  errorFor(key: string, externalId: string): RecordError | null
}

export function rowFaults(): RowFaults {
  let rejecting: { rule: RejectRule; isChosen: (key: string, externalId: string) => boolean } | null = null
  let locking: { rule: LockRule; isChosen: (key: string, externalId: string) => boolean; tries: Map<string, number> } | null =
    null

  return {
    reject(rule) {
      rejecting = rule && { rule, isChosen: chooser(rule) }
    },
    lock(rule) {
      locking = rule && { rule, isChosen: chooser(rule), tries: new Map() }
    },
    get isRejecting() {
      return rejecting !== null
    },
    get isLocking() {
      return locking !== null
    },
    errorFor(key, externalId) {
      if (rejecting?.isChosen(key, externalId)) return rejection(rejecting.rule)
      return locking?.isChosen(key, externalId) ? lockedNow(locking.rule, locking.tries, key) : null
    },
  }
}

function lockedNow(rule: LockRule, tries: Map<string, number>, key: string): RecordError | null {
  const tried = tries.get(key) ?? 0
  if (tried === 0 && tries.size >= (rule.rows ?? Number.POSITIVE_INFINITY)) return null
  if (tried >= rule.times) return null
  tries.set(key, tried + 1)
  return ROW_LOCKED
}

/** Remembers what it chose, so that a row has the same fate at each try. */
function chooser({ every, matches }: RowChoice): (key: string, externalId: string) => boolean {
  if (matches) return (_key, externalId) => matches(externalId)
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

function rejection(rule: RejectRule): RecordError {
  if (rule.code === 'REQUIRED_FIELD_MISSING') {
    const fields = rule.fields ?? ['Name']
    return recordError(rule.code, rule.message ?? `Required fields are missing: [${fields.join(', ')}]`, fields)
  }
  return recordError(rule.code, rule.message ?? 'A touchpoint must belong to an open marketing campaign.', rule.fields)
}
