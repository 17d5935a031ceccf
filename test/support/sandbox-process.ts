import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../../src/sandbox/until.ts'
import { type RunningProcess, startProcess } from './process.ts'
import { freePort } from './world.ts'

/** What `npm start` starts on a fresh machine, in a folder of its own. */
export interface SandboxProcess extends AsyncDisposable {
  readonly process: RunningProcess
  /** The page of the simulated Slack workspace. */
  readonly page: string
}

/** Resolves when the opening story has been told and the address is printed. */
export async function startSandboxProcess(): Promise<SandboxProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'redkey-sandbox-'))
  const running = startProcess({ PORT: String(await freePort(16)) }, { cwd: folder })
  const page = await until('the address of the sandbox', () => /Open (http\S+)/.exec(running.stdout())?.[1], 30_000)
  return {
    process: running,
    page,
    async [Symbol.asyncDispose]() {
      await running.end('SIGTERM')
      await rm(folder, { recursive: true, force: true })
    },
  }
}
