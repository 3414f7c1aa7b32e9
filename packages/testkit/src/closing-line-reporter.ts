import type { Reporter, SerializedError, TestModule, TestRunEndReason } from "vitest/node";

/** Ends a run with one plain line, `N passed, N failed`, for whoever reads only the last. */
export class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[], reason: TestRunEndReason): void {
    const count = { passed: 0, failed: unhandled.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state] += 1;
      // A file that does not load, or a hook that throws, fails no test of its own.
      count.failed += module.errors().length;
      for (const suite of module.children.allSuites()) count.failed += suite.errors().length;
    }
    // A run that could not begin has no test that failed.
    if (reason === "failed") count.failed = Math.max(count.failed, 1);
    const skipped = count.skipped + count.pending;
    const line = `${count.passed} passed, ${count.failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`;
    // The other reporters are still writing: the last word is spoken when the process ends.
    process.once("exit", () => process.stdout.write(line));
  }
}
