import { expect, test } from "vitest";
import { files, read } from "./sources.ts";

/** A number where a test framework or a browser takes a time limit: an option, or the last argument of a test or a hook. */
const FIXED =
  /\b(?:timeout|testTimeout|hookTimeout): \d[\d_]{3,}|setDefault(?:Navigation)?Timeout\(\d|^\s*\}, \d[\d_]{3,}\);$|^\s*\},\n\s*\d[\d_]{3,},\n\s*\);$/m;

const ofTests = files.filter((file) => /\.test\.tsx?$|^(apps|packages)\/[^/]+\/test\/.*\.ts$/.test(file));

test("time limits of tests are written with timeLimit, so that they grow on a busy machine", () => {
  expect(ofTests.length).toBeGreaterThan(400);
  expect(ofTests.filter((file) => FIXED.test(read(file)))).toEqual([]);
});
