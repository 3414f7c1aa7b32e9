import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { runFixture } from "./run-vitest.ts";

/** The message of each error, in the order of the text. */
const errorsIn = (text: string): string[] =>
  [...text.matchAll(/^\s*(?:\w*Error): (?<message>.*?)(?: \/\/ Object\.is equality)?$/gm)].map(
    ({ groups }) => groups?.["message"] ?? "",
  );

const expected = ["the server was not ready", "the folder is in use", "expected 'a balance' to be 'another balance'"];

describe("the errors of hooks", () => {
  let output: string;
  let failures: string;
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), "jifen-failures-"));
    output = await runFixture("failing-hooks", { FAILURES_FILE: join(folder, "failures") });
    failures = readFileSync(join(folder, "failures"), "utf8");
    rmSync(folder, { recursive: true });
  });

  test("a run prints why a beforeAll failed first and once, and none of the errors that follow from it", () => {
    expect(errorsIn(output)).toEqual(expected);
  });

  test("the file of failures names why a beforeAll failed first and once, and none of the errors that follow", () => {
    expect(errorsIn(failures)).toEqual(expected);
  });

  test("the last line counts one failure for a beforeAll that failed", () => {
    expect(output.trimEnd().split("\n").at(-1)).toBe("0 passed, 3 failed, 1 skipped");
  });
});
