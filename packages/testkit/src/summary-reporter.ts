import { appendFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import type { Reporter, SerializedError, TestModule, TestRunEndReason } from "vitest/node";
import { dropFollowingErrors, errorsOutsideTests } from "./hook-errors.ts";

/** How much of an error is kept: a difference of two large values has thousands of lines, and a generated input long ones. */
const LONGEST_ERROR = 500;
const LONGEST_LINE = 160;

/**
 * Prints `N passed, N failed` as the last line of a run, for programs and people that read only that line, and before it the
 * tests that passed in a second attempt only. Where the variable FAILURES_FILE names a file, appends each failed test and its
 * errors to it, those of hooks before those of tests, so that a caller of several runs can repeat them at its own end.
 *
 * Comes before the reporters that print errors: they then have the errors of hooks as `dropFollowingErrors` leaves them.
 */
export class SummaryReporter implements Reporter {
  onTestModuleEnd(module: TestModule): void {
    dropFollowingErrors(module);
    recordFailure(module.relativeModuleId, errorsOutsideTests(module));
    for (const test of module.children.allTests("failed")) {
      recordFailure(`${module.relativeModuleId} > ${test.fullName}`, test.result().errors ?? []);
    }
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[], reason: TestRunEndReason): void {
    const count = { passed: 0, failed: unhandled.length, skipped: 0, pending: 0 };
    const flaky: string[] = [];
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        count[test.result().state] += 1;
        if (test.diagnostic()?.flaky === true) flaky.push(`  ${module.relativeModuleId} > ${test.fullName}\n`);
      }
      count.failed += errorsOutsideTests(module).length;
    }
    recordFailure("outside any test", unhandled);
    // A run that could not start has no failed test.
    if (reason === "failed") count.failed = Math.max(count.failed, 1);
    const skipped = count.skipped + count.pending;
    const passedLate = flaky.length > 0 ? `Passed in the second attempt only:\n${flaky.join("")}` : "";
    const line = `${count.passed} passed, ${count.failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`;
    // Other reporters are still writing, so this line is written when the process exits.
    process.once("exit", () => process.stdout.write(passedLate + line));
  }
}

function recordFailure(name: string, errors: readonly SerializedError[]): void {
  const file = process.env["FAILURES_FILE"];
  if (file === undefined || errors.length === 0) return;
  const texts = errors.map((error) => describe(error).slice(0, LONGEST_ERROR));
  appendFileSync(file, `${[name, ...texts].join("\n")}\n\n`);
}

/**
 * The cause comes first: where an input was generated, the error that wraps it names the input only. Without the lines of the
 * stack that lie in libraries, and without colors.
 */
function describe({ message, stack, diff, cause }: SerializedError): string {
  const lines = (stack ?? message).split("\n").filter((line) => !/^\s+at .*(node_modules|node:)/.test(line));
  const own = stripVTControlCharacters([...lines, diff ?? ""].join("\n"))
    .split("\n")
    .map((line) => line.slice(0, LONGEST_LINE))
    .join("\n");
  return cause ? `${describe(cause as SerializedError)}\nin: ${own}` : own;
}
