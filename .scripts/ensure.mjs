// Runs before `npm start` and `npm test`. Plain JS without dependencies: the first time it runs on the
// system's node (18 or later), before node_modules exists; the npm script after it runs on node_modules/.bin/node.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const shell = process.platform === 'win32'
const installed = `${root}/node_modules/.package-lock.json` // written by every npm install / npm ci
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(`${root}/package-lock.json`).mtimeMs) {
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell,
  })
  if (status !== 0) process.exit(status ?? 1)
}
const found = spawnSync('node', ['-p', 'process.versions.node'], { cwd: root, encoding: 'utf8', shell }).stdout.trim()
const [major = 0, minor = 0] = found.split('.').map(Number)
if (major < 24 || (major === 24 && minor < 18)) {
  console.error(
    `This project needs Node >= 24.18 and its scripts would run on ${found}. On Linux x64/arm64 'npm ci' brings it (not with --omit=optional); elsewhere install Node 24.`,
  )
  process.exit(1)
}
