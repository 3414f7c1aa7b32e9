import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An empty folder of one's own. */
export const createTemporaryFolder = (): string => mkdtempSync(join(tmpdir(), "jifen-test-"));
