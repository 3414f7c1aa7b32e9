/** `pnpm docs:write`: writes the reference pages that are generated from the code. A test fails while they are stale. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { generatePages } from "./pages.ts";

// Refuses every option and argument: it has none.
parseArgs({ options: {} });

for (const { path, text } of generatePages()) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  process.stdout.write(`${path}\n`);
}
