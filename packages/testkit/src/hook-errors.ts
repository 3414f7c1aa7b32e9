import type { SerializedError, TestModule, TestSuite } from "vitest/node";

/** What has hooks: a file, or a suite in it. */
type Part = TestModule | TestSuite;

/** The parts of a file, each before the parts that it holds. */
const partsOf = (module: TestModule): readonly Part[] => [module, ...module.children.allSuites()];

/**
 * The errors that belong to no test: of hooks, and of a file that does not load. Vitest's own list, which all reporters print.
 */
export const errorsOutsideTests = (module: TestModule): readonly SerializedError[] =>
  partsOf(module).flatMap((part) => part.errors());

/**
 * Leaves the reason alone where a `beforeAll` failed. The `afterAll` of the same part and of those around it then often stop
 * what was never started, and such an error ("Cannot read properties of undefined") would be the first in every list.
 */
export function dropFollowingErrors(module: TestModule): void {
  for (const part of partsOf(module).filter(hasFailedBefore)) {
    part.errors().splice(1);
    for (let around = parentOf(part); around; around = parentOf(around)) {
      if (!hasFailedBefore(around)) around.errors().splice(0);
    }
  }
}

/** Vitest skips the tests of a part whose `beforeAll` failed; before an `afterAll` fails, they have run. */
function hasFailedBefore(part: Part): boolean {
  return part.errors().length > 0 && [...part.children.allTests()].every((test) => test.result().state === "skipped");
}

const parentOf = (part: Part): Part | undefined => (part.type === "suite" ? part.parent : undefined);
