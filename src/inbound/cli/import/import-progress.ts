import { readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Place } from './split-records.ts'

/** How far the file was taken in, and what became of its rows. */
export interface Progress {
  readonly place: Place
  readonly rows: number
  readonly accepted: number
  readonly duplicates: number
  readonly refused: number
  /** Length of the file of refused lines. What stands behind it belongs to rows that come again. */
  readonly refusedBytes: number
}

/** What a run is about. Progress of another file, or of another aim, is not gone on with. */
export interface Errand {
  readonly size: number
  readonly modifiedMs: number
  readonly connection: string | null
  /** Only where one was named. */
  readonly workspace?: string
}

const count = z.number().int().nonnegative()
const sidecar = z.object({
  version: z.literal(1),
  errand: z.object({ size: count, modifiedMs: z.number(), connection: z.string().nullable(), workspace: z.string().optional() }),
  progress: z.object({
    place: z.object({ offset: count, line: count }),
    rows: count,
    accepted: count,
    duplicates: count,
    refused: count,
    refusedBytes: count,
  }),
})

function progressPath(file: string): string {
  return `${file}.redkey-progress`
}

export function refusedPath(file: string): string {
  return `${file}.rejected.ndjson`
}

/** Undefined when there is none; null when it is of another errand, or can't be read. */
export async function loadProgress(file: string, errand: Errand): Promise<Progress | null | undefined> {
  const text = await readFile(progressPath(file), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const read = sidecar.safeParse(parsed(text))
  return read.success && JSON.stringify(read.data.errand) === JSON.stringify(errand) ? read.data.progress : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // cut off by a crash: the import begins anew, and finds its rows taken
  }
}

/** The old state or the new one is there, never half of one. */
export async function saveProgress(file: string, errand: Errand, progress: Progress): Promise<void> {
  const path = progressPath(file)
  const { size, modifiedMs, connection } = errand
  const text = JSON.stringify({ version: 1, errand: { size, modifiedMs, connection }, progress })
  await writeFile(`${path}.new`, `${text}\n`, { mode: 0o600 })
  await rename(`${path}.new`, path)
}

export async function forgetProgress(file: string): Promise<void> {
  await rm(progressPath(file), { force: true })
}

/** Begins the file of refused lines anew, or cuts off what belongs to rows that come again. */
export async function cutRefused(file: string, bytes: number): Promise<void> {
  if (bytes === 0) await rm(refusedPath(file), { force: true })
  else await truncate(refusedPath(file), bytes)
}

/** One JSON object a line. Answers how many bytes were added. */
export async function addRefused(file: string, lines: readonly object[]): Promise<number> {
  if (lines.length === 0) return 0
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
  await writeFile(refusedPath(file), text, { flag: 'a', mode: 0o600 })
  return Buffer.byteLength(text)
}
