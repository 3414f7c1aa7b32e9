import { globSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";

/** The repository's top folder. */
export const root = dirname(dirname(import.meta.dirname));

/** Folders that are made, not written. */
const made = new Set([
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

/** Every file that people write, whether or not this is a checkout of git. */
export const files: readonly string[] = globSync("**/*", {
  cwd: root,
  withFileTypes: true,
  exclude: (entry) => made.has(entry.name),
})
  .filter((entry) => entry.isFile() && !/\.(tsbuildinfo|tgz)$|^\.env$|^next-env\.d\.ts$/.test(entry.name))
  .map((entry) =>
    join(entry.parentPath, entry.name)
      .slice(root.length + 1)
      .replaceAll(sep, "/"),
  );

/** TypeScript that people write. */
export const sources: readonly string[] = files.filter((file) => /\.(ts|tsx)$/.test(file));

export const read = (file: string): string => readFileSync(join(root, file), "utf8");

/** Package folders, such as `packages/ledger`. */
export const packages: readonly string[] = files
  .filter((file) => /^(apps|packages)\/[^/]+\/package\.json$|^(bench|torture)\/package\.json$/.test(file))
  .map((file) => dirname(file));

export const isTest = (file: string): boolean => /\.test\.tsx?$|(^|\/)test\//.test(file);
