import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { CrmReport, FromCrm, ToCrm } from './lean-crm.ts'

export interface LeanCrm extends AsyncDisposable {
  readonly url: string
  /** Counts anew. `behind` is the origin that answers everything but writes. */
  begin(latencyMs: number, behind: string | null): Promise<void>
  report(): Promise<CrmReport>
  /** Answers when so many records were written. @throws when they are not within the time. */
  received(records: number, withinMs: number): Promise<CrmReport>
}

export async function startLeanCrm(): Promise<LeanCrm> {
  const child = fork(fileURLToPath(new URL('lean-crm.ts', import.meta.url)), { serialization: 'json' })
  const [first] = (await once(child, 'message')) as [FromCrm]
  if (first.kind !== 'listening') throw new Error('the CRM does not listen')

  async function ask(message: ToCrm): Promise<FromCrm> {
    const answered = once(child, 'message') as Promise<[FromCrm]>
    child.send(message)
    return (await answered)[0]
  }

  async function report(): Promise<CrmReport> {
    const answer = await ask({ kind: 'report' })
    if (answer.kind !== 'report') throw new Error(`the CRM said ${answer.kind}`)
    return answer
  }

  return {
    url: `http://127.0.0.1:${first.port}`,
    async begin(latencyMs, behind) {
      await ask({ kind: 'begin', latencyMs, behind })
    },
    report,
    async received(records, withinMs) {
      const end = performance.now() + withinMs
      for (;;) {
        const found = await report()
        if (found.records >= records) return found
        if (performance.now() > end) throw new Error(`the CRM got ${found.records} of ${records} records in ${withinMs} ms`)
        await sleep(100)
      }
    },
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'close')
      child.kill('SIGKILL')
      await ended
    },
  }
}
