import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";

/** Vitest's own program. */
export const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");

/** The environment of a run in a run: without what tells a process that it belongs to the outer one. */
export const environment = (variables: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_OPTIONS$|TEST$)/.test(name))),
  ...variables,
});

/** Runs the tests of `fixtures/` whose path contains `filter` to their end. @returns what it prints, errors first, without colors */
export const runFixture = (filter: string, variables: Readonly<Record<string, string>> = {}): Promise<string> =>
  new Promise((resolve) => {
    const args = [vitest, "run", "--config", join(import.meta.dirname, "fixtures/vitest.config.ts"), filter];
    execFile(process.execPath, args, { env: environment(variables) }, (_, stdout, stderr) =>
      resolve(stripVTControlCharacters(`${stderr}${stdout}`)),
    );
  });
