import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Vitest begins with the files that took longest the last time, or, in a new clone, with the largest ones. Those that
 * torture are short and take long: begun at the end, one of them would be waited for by everybody.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isTorture = ({ moduleId }: TestSpecification) => Number(moduleId.includes("/torture/"));
    return (await super.sort(files)).toSorted((one, other) => isTorture(other) - isTorture(one));
  }
}
