// Expected duration: 160 s on two cores.
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { environment } from "../../packages/testkit/test/run-vitest.ts";
import { root } from "../tidy/sources.ts";
import { applyEdits, readSteps } from "./recipe.ts";

const steps = readSteps(readFileSync(join(root, "docs/add-an-endpoint.md"), "utf8"));
const TYPES = "pnpm exec tsc -b apps/api packages/client";
const WITHOUT_TIME = { timeout: timeLimit(600) };

/** A copy of the repository, as `git clone` makes it, with its dependencies. */
const copy = mkdtempSync(join(tmpdir(), "jifen-recipe-"));
const env = environment({
  PATH: [join(copy, "node_modules/.bin"), process.env["PATH"]].join(delimiter),
  TEST_POSTGRES_URL: inject("postgresqlUrl"),
  TEST_MYSQL_URL: inject("mysqlUrl"),
});

/** Runs a command in the copy. @returns whether it succeeded, and its output */
const run = (command: string): Promise<{ readonly succeeded: boolean; readonly output: string }> =>
  new Promise((resolve) => {
    execFile("sh", ["-c", command], { cwd: copy, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
      resolve({ succeeded: error === null, output: stripVTControlCharacters(`${stdout}${stderr}`) }),
    );
  });

async function runAll(commands: readonly string[]): Promise<void> {
  for (const command of commands) {
    const { succeeded, output } = await run(command);
    if (!succeeded) throw new Error(`${command} failed:\n${output.slice(-5_000)}`);
  }
}

/** Does these steps in a copy without any, their commands left out. */
function takeOnly(...numbers: readonly number[]): void {
  execFileSync("git", ["checkout", "--quiet", "."], { cwd: copy });
  execFileSync("git", ["clean", "--force", "-d", "--quiet"], { cwd: copy });
  for (const number of numbers) applyEdits(stepOf(number), copy);
}

function stepOf(number: number) {
  const step = steps[number - 1];
  if (step === undefined) throw new Error(`docs/add-an-endpoint.md has no step ${number}`);
  return step;
}

/** Expects that a command fails, and that its output says what is missing. */
async function expectFailure(command: string, ...says: readonly RegExp[]): Promise<void> {
  const { succeeded, output } = await run(command);
  expect(succeeded, `${command}\n${output.slice(-5_000)}`).toBe(false);
  for (const pattern of says) expect(output).toMatch(pattern);
}

describe("the recipe for an endpoint", WITHOUT_TIME, () => {
  beforeAll(async () => {
    execFileSync("git", ["clone", "--quiet", root, copy]);
    const install = execFileSync(
      join(root, "node_modules/.bin/pnpm"),
      ["install", "--frozen-lockfile", "--prefer-offline"],
      {
        cwd: copy,
        env,
        encoding: "utf8",
      },
    );
    expect(install).toContain("Done");
    await runAll(["pnpm --filter @jifen/database generate"]);
  }, timeLimit(300));
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  test("without step 1, the compiler says that the contract has no such operation", async () => {
    takeOnly(2, 3);
    await expectFailure(TYPES, /spending\/afford\.ts.*Property 'afford' does not exist/);
  });

  test("without step 2, the compiler says that the file of the handler is missing", async () => {
    takeOnly(1, 3);
    await expectFailure(TYPES, /spending\/index\.ts.*'\.\/afford\.ts'/);
  });

  test("without step 3, the compiler names both lists in which the operation is missing", async () => {
    takeOnly(1, 2);
    await expectFailure(
      TYPES,
      /spending\/index\.ts.*'afford' is missing/,
      /mutations\.ts.*'"credits\.afford"' is missing/,
    );
  });

  test("without step 4, tests name the operation that has no callers and no valid input", async () => {
    takeOnly(1, 2, 3);
    await runAll(["pnpm build:server"]);
    await expectFailure("pnpm test:run apps/api/test/access", /"credits\.afford"/);
    await expectFailure(
      'pnpm test:run apps/api/test/hostile-fields --testNamePattern "the input of every operation"',
      /"credits\.afford"/,
    );
  });

  test("after step 4, the endpoint answers as its own test says, and the whole repository compiles", async () => {
    applyEdits(stepOf(4), copy);
    await runAll([...stepOf(4).commands, "pnpm types"]);
  });

  test("without step 5, a test names the operation that the documentation cannot show", async () => {
    await expectFailure("pnpm test:run docs-samples --testNamePattern credits.afford", /credits\.afford/);
  });

  test("after step 5, the documentation shows the answer of the server", async () => {
    applyEdits(stepOf(5), copy);
    await runAll([...stepOf(5).commands, "pnpm test:run docs-samples --testNamePattern credits.afford"]);
    const answers = JSON.parse(readFileSync(join(copy, "apps/api/src/http/docs/samples/answers.json"), "utf8"));
    expect(answers["credits.afford"]).toMatchObject({ success: true });
  });

  test("without step 6, a test names the command that writes the reference pages", async () => {
    await expectFailure("pnpm test:run scripts/docs", /docs\/api\.md equals what `pnpm docs:write` writes/);
  });

  test("after step 6, the reference pages describe the endpoint", async () => {
    await runAll(stepOf(6).commands);
    for (const page of ["docs/api.md", "docs/zh-CN/api.md"]) {
      expect(readFileSync(join(copy, page), "utf8")).toContain("/credits/afford");
    }
  });
});
