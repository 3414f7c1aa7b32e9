import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { shortLivedOptions, testProcessEnv } from "@jifen/testkit";

const openAndClose = fileURLToPath(new URL("open-and-close.ts", import.meta.url));

/** Opens the database in a process of its own, which is how a replica does it. */
export const startProcess = (url: string) =>
  promisify(execFile)(process.execPath, [...shortLivedOptions, "--conditions=@jifen/source", openAndClose, url], {
    env: { ...process.env, ...testProcessEnv },
  });
