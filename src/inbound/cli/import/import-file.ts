import { stat } from 'node:fs/promises'
import type { Deps } from '../../../domain/deps.ts'
import { acceptTouchpoints, type Intake } from '../../../domain/outbox/accept.ts'
import { AppError } from '../../../errors.ts'
import { isStorageTrouble } from '../../web/storage-trouble.ts'
import { findTarget } from './find-target.ts'
import {
  addRefused,
  cutRefused,
  type Errand,
  forgetProgress,
  loadProgress,
  type Progress,
  refusedPath,
  saveProgress,
} from './import-progress.ts'
import { progressTeller, type Terminal } from './progress-teller.ts'
import { formatOf, type Opened, openRecords, type Rows, readRows } from './read-records.ts'

export interface ImportDeps extends Pick<Deps, 'store' | 'providers' | 'clock'> {
  /** Aborted: the rows under way are finished, and the rest is left for the next run. */
  readonly stopping: AbortSignal
  wait(ms: number): Promise<unknown>
  /** How people open the connections in Slack. */
  readonly command: string
}

export interface ImportOptions {
  readonly path: string
  /** For rows that name none. */
  readonly connection: string | null
  /** Team id; null: the only one that has such a CRM. */
  readonly workspace?: string | null
}

export interface Terminals {
  readonly output: Terminal
  /** Progress and complaints. */
  readonly errors: Terminal
}

/** One try takes up to a quarter of a second when SQLite is locked: all of them, half a minute. */
const MOST_TRIES = 60
const WAIT_MS = 250

/** Takes in a file, or what an earlier run left of it. Resolves with the exit code: 0 all taken, 2 some refused, 1 not possible. */
export async function importFile(deps: ImportDeps, options: ImportOptions, { output, errors }: Terminals): Promise<number> {
  const { path, connection, workspace = null } = options
  const complain = (...lines: readonly string[]) => {
    errors.write(`${lines.join('\n')}\n`)
    return 1
  }
  const found = await stat(path).catch(() => undefined)
  if (!found?.isFile()) return complain(`There is no file ${path}.`)
  const target = await findTarget(deps, connection, deps.command, workspace)
  if (target.kind === 'nowhere') return complain(target.says)
  const format = formatOf(path)
  if (!format) return complain('The name of the file must end in .csv, .ndjson or .jsonl.')
  const opened = await openRecords(path, format)
  if ('problems' in opened) return complain(`${path} can't be imported:`, ...opened.problems.map((problem) => `  - ${problem}`))
  if (connection === null && target.crms.length > 1 && opened.columns && !opened.columns.names.includes('connection')) {
    return complain(`There are several CRMs (${target.crms.join(', ')}): say which with --connection, or in a column connection.`)
  }

  const errand = { size: found.size, modifiedMs: found.mtimeMs, connection, ...(workspace !== null && { workspace }) }
  const begun = await begin(path, errand, opened, errors)
  const teller = progressTeller(errors, deps.clock, found.size, begun)
  const done = await takeRows(deps, target.teamId, options, errand, opened, begun, teller.tell).finally(teller.end)
  if (deps.stopping.aborted) {
    errors.write(`Stopped after ${counted(done.rows)} rows. The same command goes on from there.\n`)
    return 130
  }
  await forgetProgress(path)
  output.write(summary(path, done))
  return done.refused > 0 ? 2 : 0
}

async function begin(path: string, errand: Errand, opened: Opened, errors: Terminal): Promise<Progress> {
  const before = await loadProgress(path, errand)
  if (before)
    errors.write(`Going on after line ${counted(before.place.line - 1)}, ${counted(before.rows)} rows were read before.\n`)
  if (before === null)
    errors.write(
      'The file, --connection or --workspace has changed since the last run: beginning anew; what is known already counts as a duplicate.\n',
    )
  const begun = before ?? { place: opened.begin, rows: 0, accepted: 0, duplicates: 0, refused: 0, refusedBytes: 0 }
  await cutRefused(path, begun.refusedBytes)
  await saveProgress(path, errand, begun)
  return begun
}

async function takeRows(
  deps: ImportDeps,
  teamId: string,
  { path, connection }: ImportOptions,
  errand: Errand,
  opened: Opened,
  begun: Progress,
  tell: (progress: Progress) => void,
): Promise<Progress> {
  let progress = begun
  for await (const rows of readRows(path, opened, begun.place)) {
    if (deps.stopping.aborted) return progress
    const intake = await acceptPatiently(
      deps,
      teamId,
      connection === null ? rows.items : rows.items.map((item) => withConnection(item, connection)),
    )
    const refused = refusedLines(rows, intake)
    const refusedBytes = await addRefused(path, refused)
    progress = {
      place: rows.next,
      rows: progress.rows + rows.items.length + rows.unreadable.length,
      accepted: progress.accepted + intake.accepted,
      duplicates: progress.duplicates + intake.duplicates,
      refused: progress.refused + refused.length,
      refusedBytes: progress.refusedBytes + refusedBytes,
    }
    await saveProgress(path, errand, progress)
    tell(progress)
  }
  return progress
}

function withConnection(item: unknown, connection: string): unknown {
  return typeof item === 'object' && item !== null && !Array.isArray(item) ? { connection, ...item } : item
}

type Taken = Extract<Intake, { kind: 'accepted' }>

/** Another process may hold the database for a while: the server, mostly. */
async function acceptPatiently(deps: ImportDeps, teamId: string, items: readonly unknown[]): Promise<Taken> {
  if (items.length === 0) return { kind: 'accepted', accepted: 0, duplicates: 0, rejected: [] }
  for (let attempt = 1; ; attempt++) {
    try {
      const intake = await acceptTouchpoints(deps, teamId, items)
      if (intake.kind === 'accepted') return intake
      throw new AppError('NOT_FOUND', 'The CRM connection was removed meanwhile.')
    } catch (cause) {
      if (!isStorageTrouble(cause)) throw cause
      if (attempt === MOST_TRIES || deps.stopping.aborted) {
        throw new AppError('DATABASE_UNREACHABLE', 'The database is locked, full or out of reach.', {
          cause,
          next: 'What was counted is taken. When the database is well again, the same command goes on from there.',
        })
      }
    }
    await deps.wait(WAIT_MS)
  }
}

function refusedLines({ lines, unreadable }: Rows, { rejected }: Taken): readonly object[] {
  const refused = rejected.map(({ index, id, code, message }) => ({ line: lines[index] ?? 0, id, code, message }))
  return [...unreadable, ...refused].sort((a, b) => a.line - b.line)
}

function summary(path: string, { rows, accepted, duplicates, refused }: Progress): string {
  const parts = [
    `${counted(accepted)} taken`,
    ...(duplicates > 0 ? [`${counted(duplicates)} known already`] : []),
    `${counted(refused)} refused`,
  ]
  const where = refused > 0 ? `Which lines and why: ${refusedPath(path)}\n` : ''
  return `${counted(rows)} ${rows === 1 ? 'row' : 'rows'}: ${parts.join(', ')}.\n${where}`
}

function counted(count: number): string {
  return count.toLocaleString('en')
}
