import type { Asked, Verdict } from '../../../domain/provider.ts'
import type { HttpDownload } from '../http.ts'
import { asCount, asRecord, type JsonRecord } from '../json.ts'
import { passes, verdictOf } from '../meaning.ts'
import { adsReader } from './ads-reader.ts'
import { readRowStream } from './row-stream.ts'

/** `enough`: no more is read. A verdict: neither, and it is the answer. */
export type TakeRows = (rows: readonly JsonRecord[]) => Promise<'enough' | Verdict | undefined>

const ROWS_AT_ONCE = 1_000

/** Hands on the rows of a stream. Throws what `take` throws. */
export async function takeRows(download: HttpDownload, take: TakeRows): Promise<Asked<null>> {
  const pieces = readRowStream(download.text)
  const waiting: JsonRecord[] = []
  try {
    for (;;) {
      const piece = await pieces.next().catch(() => null)
      if (piece === null) return brokenOff()
      const refusal = piece.done ? null : refusalAmong(piece.value.around, download)
      if (refusal) return refusal
      for (const row of piece.done ? [] : piece.value.rows) waiting.push(row)
      while (waiting.length >= ROWS_AT_ONCE || (piece.done && waiting.length > 0)) {
        const taken = await take(waiting.splice(0, ROWS_AT_ONCE))
        if (taken !== undefined) return taken === 'enough' ? { kind: 'ok', value: null } : taken
      }
      if (piece.done) return { kind: 'ok', value: null }
    }
  } finally {
    await pieces.return(undefined) // what has not come yet is not waited for
  }
}

/** What goes wrong in the middle of a stream stands in place of the next batch. */
function refusalAmong(around: readonly JsonRecord[], { headers }: HttpDownload): Verdict | null {
  const failed = around.find(({ error }) => error !== undefined)
  if (failed === undefined) return null
  const status = asCount(asRecord(failed.error).code) ?? 500
  return adsReader.readRefusal({
    kind: 'answer',
    status,
    headers,
    text: JSON.stringify(failed),
    json: failed,
    retryAfterMs: null,
  })
}

function brokenOff(): Verdict {
  return verdictOf(passes('Google Ads broke off in the middle of its answer.'), 'answer_broken_off', null)
}

/** A row without something that it can't lack: nothing is made up, and nothing left out. */
export function unreadableRow(): Verdict {
  return verdictOf(passes('Google Ads gave an answer that Redkey can not read.'), 'unreadable_row', null)
}
