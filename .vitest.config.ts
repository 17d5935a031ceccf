import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/support/counts-reporter.ts'],
    // Real servers, databases and a browser: slow machines get their time, and nothing waits without end.
    testTimeout: 20_000,
    hookTimeout: 60_000,
    pool: 'forks',
  },
})
