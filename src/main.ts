import { leanModules } from './lean-modules.ts'

leanModules()
const { run } = await import('./run.ts')
await run(process.argv.slice(2))
