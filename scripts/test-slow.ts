/**
 * Runs the slow proofs (`*.slow.test.ts`) one file after the other within a time budget, shortest first. Each file states
 * its expected duration in its first line; a file that does not fit into the remaining time is not started, and is listed
 * at the end. Then runs the tests of the API on the databases that the default run leaves out, if they fit. Ends with the
 * errors of all failed tests, and exits with 1 if there are any; what was not run is no failure.
 *
 *   node scripts/test-slow.ts --budget-seconds 1200
 */
import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";

type Step = { readonly name: string; readonly expectedSeconds: number; readonly vitestArguments: readonly string[] };

/** `// Expected duration: 120 s on two cores.` */
const DURATION = /^\/\/ Expected duration: (\d+) s\b/;

const { values } = parseArgs({ options: { "budget-seconds": { type: "string", default: "3600" } } });
const budgetMs = Number(values["budget-seconds"]) * 1_000;
if (!Number.isFinite(budgetMs)) {
  process.stderr.write("--budget-seconds must be a number\n");
  process.exit(2);
}

function findSlowFiles(): readonly Step[] {
  const files = globSync("{packages,apps,ops,torture,test,scripts}/**/*.slow.test.ts", {
    exclude: (name) => name.includes("node_modules") || name === "dist",
  });
  return files
    .map((file) => ({
      name: file,
      expectedSeconds: Number(DURATION.exec(readFileSync(file, "utf8"))?.[1] ?? 600),
      vitestArguments: [file],
    }))
    .toSorted((one, other) => one.expectedSeconds - other.expectedSeconds || one.name.localeCompare(other.name));
}

/** The suites of a list of databases on those that the default run leaves out. Their titles end with the kind. */
const onOtherDatabases = (list: string, kinds: readonly string[], expectedSeconds: number): Step => ({
  name: `the tests of the API with ${list} on ${kinds.join(", ")}`,
  expectedSeconds,
  vitestArguments: [
    ...globSync("apps/api/test/*.test.ts").filter((file) => readFileSync(file, "utf8").includes(list)),
    `--testNamePattern= on (${kinds.join("|")}) `,
  ],
});

const startedAtMs = Date.now();
const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
const folder = mkdtempSync(join(tmpdir(), "jifen-slow-"));
const failures = join(folder, "failures");
writeFileSync(failures, "");
const failed: string[] = [];
const notRun: string[] = [];
const steps = [
  ...findSlowFiles(),
  onOtherDatabases("aboveDatabaseKinds", ["postgresql", "mysql", "mongodb"], 180),
  onOtherDatabases("apiSurfaceKinds", ["mysql", "mongodb"], 240),
];

for (const { name, expectedSeconds, vitestArguments } of steps) {
  const remainingMs = budgetMs - (Date.now() - startedAtMs);
  if (expectedSeconds * 1_000 > remainingMs) {
    notRun.push(name);
    continue;
  }
  process.stdout.write(`\n── ${name}: about ${expectedSeconds} s, ${Math.round(remainingMs / 1_000)} s remain\n`);
  const config = ["--config", "vitest.full.config.ts"];
  const env = { ...process.env, FAILURES_FILE: failures };
  const { status } = spawnSync(process.execPath, [vitest, "run", ...config, ...vitestArguments], {
    stdio: "inherit",
    env,
  });
  if (status !== 0) failed.push(name);
}

const list = (names: readonly string[]) => names.map((name) => `  ${name}\n`).join("");
process.stdout.write(`\nSlow tests: ${steps.length - notRun.length} of ${steps.length} steps run\n`);
if (notRun.length > 0) process.stdout.write(`!!! NOT RUN, the time budget is used up:\n${list(notRun)}`);
if (failed.length > 0) process.stdout.write(`!!! FAILED:\n${list(failed)}\n${readFileSync(failures, "utf8")}`);
rmSync(folder, { recursive: true });
process.exitCode = failed.length > 0 ? 1 : 0;
