// Prints the one line CI reads: 'N passed, N failed' (+ ', N skipped'), from vitest's own results.
import type { Reporter, TestModule } from 'vitest/node'

export default class CountsReporter implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, unhandledErrors: ReadonlyArray<unknown>): void {
    let passed = 0
    let failed = unhandledErrors.length
    let skipped = 0
    for (const m of modules) {
      let failedInside = 0
      for (const t of m.children.allTests()) {
        const { state } = t.result()
        if (state === 'passed') passed++
        else if (state === 'skipped') skipped++
        else failedInside++ // failed, or pending: a test that never finished is not a pass
      }
      // a file that failed to load, or a suite hook that failed, has no failed test of its own
      if (failedInside === 0 && !m.ok()) failedInside = 1
      failed += failedInside
    }
    process.stdout.write(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`)
  }
}
