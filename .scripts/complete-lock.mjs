// `npm install` silently leaves a platform's optional package out of package-lock.json when the registry it asks
// does not serve it (a mirror that lags); `npm ci` then fails everywhere with EUSAGE "Missing: X from lock file".
// This adds the missing entries (version from the parent's exact pin, os/cpu from the name), as npm itself writes them
// on a full registry, without an integrity. Run it after every `npm install` that changes the lockfile.
import { readFileSync, writeFileSync } from 'node:fs'

const file = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(file, 'utf8'))
const OS = ['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32', 'aix']
const CPU = ['arm64', 'x64', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el', 'wasm32', 'arm']
const added = []
for (const [where, pkg] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(pkg.optionalDependencies ?? {})) {
    // nearest node_modules up the tree, as node and npm resolve it
    const ups = []
    for (let p = where; ; p = p.slice(0, Math.max(0, p.lastIndexOf('/node_modules/')))) {
      ups.push(`${p ? `${p}/` : ''}node_modules/${name}`)
      if (!p) break
      if (!p.includes('/node_modules/')) {
        ups.push(`node_modules/${name}`)
        break
      }
    }
    if (ups.some((u) => lock.packages[u])) continue
    const tail = name.split('/').pop()
    const os = OS.filter((o) => tail.includes(o))
    const cpu = CPU.filter((c) => new RegExp(`(^|-)${c}|${c}(-|$)`).test(tail)).slice(0, 1)
    if (os.length !== 1 || cpu.length !== 1 || !/^\d+\.\d+\.\d+/.test(version)) {
      console.error(`cannot complete ${name}@${version} of ${where || 'the project'}`)
      process.exitCode = 1
      continue
    }
    const libc = /musl/.test(tail) ? { libc: ['musl'] } : /gnu/.test(tail) && os[0] === 'linux' ? { libc: ['glibc'] } : {}
    lock.packages[ups.at(-1)] = { version, cpu, ...(pkg.dev ? { dev: true } : {}), ...libc, optional: true, os }
    added.push(`${name}@${version} ${os}/${cpu}`)
  }
}
if (added.length) {
  const { '': rootPkg, ...rest } = lock.packages
  lock.packages = { '': rootPkg, ...Object.fromEntries(Object.entries(rest).sort(([a], [b]) => a.localeCompare(b, 'en'))) }
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
}
console.log(`${added.length} added`, added.slice(0, 3).join('; '))
