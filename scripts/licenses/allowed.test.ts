import { expect, test } from "vitest";
import { forbidden } from "./allowed.ts";

const packages = (name: string) => [{ name, versions: ["1.0.0"] }];

test("packages under a licence that is not on the list are named, and those of a choice or a combination are judged", () => {
  expect(
    forbidden({
      MIT: packages("free"),
      "(MIT OR GPL-3.0)": packages("choice"),
      "MIT AND GPL-3.0": packages("both"),
      "AGPL-3.0": packages("viral"),
      Unknown: packages("unknown"),
      "LGPL-2.1-or-later": [...packages("mariadb"), ...packages("another")],
    }),
  ).toEqual([
    "both 1.0.0: MIT AND GPL-3.0",
    "viral 1.0.0: AGPL-3.0",
    "unknown 1.0.0: Unknown",
    "another 1.0.0: LGPL-2.1-or-later",
  ]);
});
