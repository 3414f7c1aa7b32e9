// Expected duration: 80 s on two cores.
import { rmSync } from "node:fs";
import { databaseKinds } from "@jifen/testkit";
import { afterAll } from "vitest";
import { folder } from "./export-files.ts";
import { describeInterruptions } from "./transfer-interruption-suite.ts";

afterAll(() => rmSync(folder, { recursive: true, force: true }));

for (const kind of databaseKinds) {
  describeInterruptions(kind, { sources: ["a file", "a database"], changesSource: true });
}
