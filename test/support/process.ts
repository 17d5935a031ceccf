import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

/** Redkey as an operator runs it: a process of its own. */
export interface RunningProcess extends AsyncDisposable {
  readonly child: ChildProcess
  stdout(): string
  stderr(): string
  /** Resolves with exit code or signal. */
  end(signal: NodeJS.Signals): Promise<number | string | null>
  readonly exited: Promise<number | string | null>
}

/** Starts `node src/main.ts` with nothing but this environment. Does not wait for it. */
export function startProcess(
  env: Readonly<Record<string, string>>,
  options: { args?: readonly string[]; cwd?: string; stdin?: string } = {},
): RunningProcess {
  const child = spawn(process.execPath, [MAIN, ...(options.args ?? [])], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    cwd: options.cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString()
  })
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString()
  })
  child.stdin.end(options.stdin ?? '')
  const exited = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string | null)
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    return exited
  }
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    exited,
    end,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) await end('SIGKILL')
    },
  }
}

/** Asks `/readyz` until it answers 200. @throws with the process's own words when it ends first. */
export async function untilReady(running: RunningProcess, url: string): Promise<void> {
  for (;;) {
    const ready = await fetch(`${url}/readyz`).then(
      (answer) => answer.status === 200,
      () => false,
    )
    if (ready) return
    const ended = await Promise.race([
      running.exited.then((code) => ({ code })),
      new Promise<null>((resolve) => setTimeout(resolve, 20, null)),
    ])
    if (ended) throw new Error(`the process ended with ${ended.code}: ${running.stderr()}`)
  }
}
