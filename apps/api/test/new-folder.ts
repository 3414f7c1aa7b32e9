import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An empty folder of one's own. */
export const newFolder = (): string => mkdtempSync(join(tmpdir(), "jifen-test-"));
