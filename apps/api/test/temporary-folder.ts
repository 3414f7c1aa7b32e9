import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Creates an empty temporary folder. */
export const createTemporaryFolder = (): string => mkdtempSync(join(tmpdir(), "jifen-test-"));
