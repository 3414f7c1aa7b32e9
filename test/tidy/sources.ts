import { globSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";

/** The root folder of the repository. */
export const root = dirname(dirname(import.meta.dirname));

/** Generated folders. */
const generated = new Set([
  "node_modules",
  "dist",
  "generated",
  "data",
  "coverage",
  ".git",
  ".next",
  ".guide-sites",
  ".turbo",
]);

/** Every file that is written by hand. Does not need git. */
export const files: readonly string[] = globSync("**/*", {
  cwd: root,
  withFileTypes: true,
  exclude: (entry) => generated.has(entry.name),
})
  .filter((entry) => entry.isFile() && !/\.(tsbuildinfo|tgz)$|^\.env$|^next-env\.d\.ts$/.test(entry.name))
  .map((entry) =>
    join(entry.parentPath, entry.name)
      .slice(root.length + 1)
      .replaceAll(sep, "/"),
  );

/** TypeScript that is written by hand. */
export const sources: readonly string[] = files.filter((file) => /\.(ts|tsx)$/.test(file));

export const read = (file: string): string => readFileSync(join(root, file), "utf8");

/** Package folders, such as `packages/ledger`. */
export const packages: readonly string[] = files
  .filter((file) => /^(apps|packages)\/[^/]+\/package\.json$|^(bench|torture)\/package\.json$/.test(file))
  .map((file) => dirname(file));

export const isTest = (file: string): boolean => /\.test\.tsx?$|(^|\/)test\//.test(file);
