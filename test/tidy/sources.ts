import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The repository's top folder. */
export const root = dirname(dirname(import.meta.dirname));

/** Every file that belongs to the repository, also those not committed yet. */
export const files: readonly string[] = execFileSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard"],
  {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  },
)
  .split("\n")
  .filter((file) => file !== "" && existsSync(join(root, file)));

/** TypeScript that people write. */
export const sources: readonly string[] = files.filter((file) => /\.(ts|tsx)$/.test(file));

export const read = (file: string): string => readFileSync(join(root, file), "utf8");

/** Package folders, such as `packages/ledger`. */
export const packages: readonly string[] = files
  .filter((file) => /^(apps|packages)\/[^/]+\/package\.json$|^bench\/package\.json$/.test(file))
  .map((file) => dirname(file));

export const isTest = (file: string): boolean => /\.test\.tsx?$|(^|\/)test\//.test(file);
