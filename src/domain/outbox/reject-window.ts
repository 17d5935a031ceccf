import { HOUR_MS, MINUTE_MS } from '../../clock.ts'

/**
 * Touchpoints that the CRM refused alike: same code and field; where no field is named same code and same words but for the values in
 * them. Words don't count where a field is named: they hold its value, which CRMs don't always quote.
 */
export interface AlikeRejects {
  readonly code: string
  /** Null: the CRM named none. */
  readonly field: string | null
  /** Where no field is named the CRM's words without values, unless there are many different ones. Else empty. */
  readonly words: string
  readonly count: number
  /** What the CRM said of one of them. */
  readonly message: string
  /** Key of the first of them. */
  readonly key: number
}

/** What was refused within some minutes. */
export interface RejectBucket {
  /** When the first of them was, in ms. */
  readonly at: number
  readonly rejected: number
  /** How many touchpoints the connection had pushed in all before its first reject. */
  readonly pushedBefore: number
  readonly reasons: readonly AlikeRejects[]
}

/** Some touchpoints that were settled one after the other. */
export interface Run {
  readonly settled: number
  readonly rejected: number
}

/** What one connection's CRM refused lately. Only rejects write it: what was pushed meanwhile is read off the backlog's counter. */
export interface RejectWindow {
  readonly connectionId: string
  /** Of the last hour, the oldest first. */
  readonly buckets: readonly RejectBucket[]
  /** How many touchpoints the connection had pushed in all when this was written. */
  readonly pushed: number
  /** The run that is being counted: since so many were pushed in all, so many were refused. */
  readonly run: { readonly pushedFrom: number; readonly rejected: number }
  /** A whole run that was refused nearly as a whole, until somebody is told. */
  readonly refusedRun: Run | null
}

/** What one transaction settled. */
export interface SettledGroup {
  readonly pushed: number
  /** How many the connection has pushed in all, with these. */
  readonly pushedTotal: number
  readonly rejected: readonly {
    readonly key: number
    readonly code: string
    readonly message: string
    readonly field: string | null
  }[]
  /** What was settled of the job whose results these are, as far as they have been read. Null: they are of ordinary requests. */
  readonly job: Run | null
  readonly at: Date
}

const BUCKET_MS = 5 * MINUTE_MS
/** A run is whole when so many are settled, */
const WHOLE = 200
/** and refused when at least this share was. */
const REFUSED_SHARE = 0.9
/** With more of the first 200 pushed it can't be refused any more. */
const MOST_PUSHED = 20
/** More different words than this of one code are one reason. */
const WORDS_OF_ONE_REASON = 3
/** More different reasons than this are counted by their code alone, so that a row stays small whatever the CRM says. */
const REASONS = 20
const MESSAGE_CAP = 300

export function emptyWindow(connectionId: string, pushed: number): RejectWindow {
  return { connectionId, buckets: [], pushed, run: { pushedFrom: pushed, rejected: 0 }, refusedRun: null }
}

/**
 * Counts a group that has rejects. The last 200 settled are counted in runs, since nothing is kept of each: a run begins with a
 * reject after more than 20 were pushed, or when the run before is whole, and is whole with the group that makes it 200 or more. So
 * fewer than 200 never make a refused run, and a CRM that refuses everything makes one within 400 or with the next group. The results
 * of a job come sorted, what was pushed before what was refused: they are a run as a whole.
 */
export function withGroup(window: RejectWindow, group: SettledGroup): RejectWindow {
  const { job, pushedTotal } = group
  const before = job ? Math.max(0, pushedTotal - (job.settled - job.rejected)) : pushedTotal - group.pushed
  return {
    connectionId: window.connectionId,
    buckets: withRejects(window.buckets, group, before),
    pushed: pushedTotal,
    ...(job ? withJob(window, job, pushedTotal) : withRun(window, group, before)),
  }
}

type Runs = Pick<RejectWindow, 'run' | 'refusedRun'>

function withJob({ refusedRun }: RejectWindow, job: Run, pushedTotal: number): Runs {
  return { run: { pushedFrom: pushedTotal, rejected: 0 }, refusedRun: isRefused(job) ? job : refusedRun }
}

function isRefused({ settled, rejected }: Run): boolean {
  return settled >= WHOLE && rejected >= REFUSED_SHARE * settled
}

function withRun(window: RejectWindow, group: SettledGroup, before: number): Runs {
  const rejected = group.rejected.length
  const begun = before - window.pushed > MOST_PUSHED ? { pushedFrom: before, rejected: 0 } : window.run
  const run = { ...begun, rejected: begun.rejected + rejected }
  const settled = group.pushedTotal - run.pushedFrom + run.rejected
  const whole = { settled, rejected: run.rejected }
  return {
    run: settled >= WHOLE ? { pushedFrom: group.pushedTotal, rejected: 0 } : run,
    refusedRun: isRefused(whole) ? whole : window.refusedRun,
  }
}

function withRejects(buckets: readonly RejectBucket[], { rejected, at }: SettledGroup, pushedBefore: number): RejectBucket[] {
  const now = at.getTime()
  // A clock that was set back counts into the newest.
  const same = buckets.findLast((bucket) => bucket.at > now - BUCKET_MS)
  const older = buckets.filter((bucket) => bucket !== same && bucket.at > now - HOUR_MS)
  const newest = same ?? { at: now, rejected: 0, pushedBefore, reasons: [] }
  const reasons = merged([...newest.reasons, ...rejected.map(reasonOf)])
  return [...older, { ...newest, rejected: newest.rejected + rejected.length, reasons }]
}

function reasonOf(answer: SettledGroup['rejected'][number]): AlikeRejects {
  const { key, code, message, field } = answer
  return { code, field, words: wordsOf(answer), count: 1, message: message.slice(0, MESSAGE_CAP).toWellFormed(), key }
}

/** What of the CRM's words makes refusals alike: nothing where a field is named, else all but what they quote and count. */
export function wordsOf({ field, message }: { readonly field: string | null; readonly message: string }): string {
  if (field !== null) return ''
  return message
    .slice(0, 2 * MESSAGE_CAP)
    .replace(/(?<![\p{L}\d])["'“‘«].*?["'”’»](?![\p{L}\d])/gu, '…')
    .replace(/\d+/g, '#')
    .slice(0, MESSAGE_CAP)
    .toWellFormed()
}

/** Of alike ones one entry, the most frequent first. */
export function merged(reasons: readonly AlikeRejects[]): AlikeRejects[] {
  const byField = [...Map.groupBy(sums(reasons), ({ code, field }) => JSON.stringify([code, field])).values()]
  const alike = byField.flatMap((those) => {
    const areOne = those.length > WORDS_OF_ONE_REASON || those.some(({ words }) => words === '')
    return areOne ? sums(those.map((one) => ({ ...one, words: '' }))) : those
  })
  const named = frequentFirst(alike.filter((one) => !isByCode(one)))
  const rare = named.slice(REASONS).map((one) => ({ ...one, field: null, words: '' }))
  return frequentFirst(sums([...named.slice(0, REASONS), ...alike.filter(isByCode), ...rare]))
}

function isByCode({ field, words }: AlikeRejects): boolean {
  return field === null && words === ''
}

function frequentFirst(reasons: readonly AlikeRejects[]): AlikeRejects[] {
  return reasons.toSorted((a, b) => b.count - a.count)
}

function sums(reasons: readonly AlikeRejects[]): AlikeRejects[] {
  const alike = new Map<string, AlikeRejects>()
  for (const reason of reasons) {
    const name = JSON.stringify([reason.code, reason.field, reason.words])
    const known = alike.get(name)
    alike.set(name, known ? { ...known, count: known.count + reason.count } : reason)
  }
  return [...alike.values()]
}
