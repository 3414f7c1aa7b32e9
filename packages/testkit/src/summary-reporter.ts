import type { Reporter, SerializedError, TestModule, TestRunEndReason } from "vitest/node";

/** Prints `N passed, N failed` as the last line of a run, for programs and people that read only that line. */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[], reason: TestRunEndReason): void {
    const count = { passed: 0, failed: unhandled.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state] += 1;
      // A file that does not load and a hook that throws belong to no test.
      count.failed += module.errors().length;
      for (const suite of module.children.allSuites()) count.failed += suite.errors().length;
    }
    // A run that could not start has no failed test.
    if (reason === "failed") count.failed = Math.max(count.failed, 1);
    const skipped = count.skipped + count.pending;
    const line = `${count.passed} passed, ${count.failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`;
    // Other reporters are still writing, so this line is written when the process exits.
    process.once("exit", () => process.stdout.write(line));
  }
}
