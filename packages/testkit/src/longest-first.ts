import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Vitest starts with the files that took longest in the last run, or, in a new clone, with the largest files. The files of
 * torture are small and take long, so they come first: started last, one of them would keep the whole run waiting.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isTorture = ({ moduleId }: TestSpecification) => Number(moduleId.includes("/torture/"));
    return (await super.sort(files)).toSorted((one, other) => isTorture(other) - isTorture(one));
  }
}
