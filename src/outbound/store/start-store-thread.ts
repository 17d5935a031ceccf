import { leanModules } from '../../lean-modules.ts'

leanModules()
await import('./store-thread.ts')
