import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    globalSetup: ['test/support/test-run.ts'],
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/support/counts-reporter.ts'],
    // Real servers, databases and a browser: slow machines get their time, and nothing waits without end.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 20_000 } },
    pool: 'forks',
    // Files share what takes longest: the app's modules, and databases with their tables.
    isolate: false,
    // Many tests wait for disks and processes: two side by side also where there are two cores, for which vitest takes one.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
})
