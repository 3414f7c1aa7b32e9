// Expected duration: 40 s on two cores.

import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run, runOrFail } from "./commands.ts";
import { openPackedProject, type PackedProject } from "./packed-project.ts";

const require = createRequire(import.meta.url);
const publint = join(dirname(require.resolve("publint")), "cli.js");
const attw = join(dirname(require.resolve("@arethetypeswrong/cli/package.json")), "dist/index.js");

let project: PackedProject;
beforeAll(async () => {
  project = await openPackedProject();
}, timeLimit(240));
afterAll(() => project?.[Symbol.asyncDispose]());

const typeCheck = (...files: readonly string[]) =>
  run(join(project.folder, "node_modules/.bin/tsc"), files, { cwd: project.folder });

describe("the packed client installed outside the workspace", () => {
  test("the calls of a project outside the workspace type-check", async () => {
    await writeFile(join(project.folder, "wrong.ts"), "");
    expect(await typeCheck("-p", ".")).toMatchObject({ exitCode: 0, stdout: "" });
  });

  test("the installed client logs in, consumes, holds, captures, writes a log and receives refusals from a real server", async () => {
    await using api = await startApi({ env: { USER_WHITELIST: "user@example.com:password123" } });
    const place = { cwd: project.folder, env: { JIFEN_URL: api.url } };
    const output = await runOrFail(process.execPath, ["right.ts"], place);
    expect(JSON.parse(output)).toEqual({
      before: 100,
      after: 95,
      charge: { captured: 4, listed: 4, state: "captured" },
      logId: expect.stringMatching(/^log-/),
      refusal: { balance: 91, required: 1_000, message: "Not enough credits", status: 402 },
    });
  });

  test("the packed client passes publint and attw", async () => {
    const place = { cwd: project.folder };
    await runOrFail(process.execPath, [publint, project.tarball, "--strict"], place);
    await runOrFail(process.execPath, [attw, project.tarball, "--profile", "esm-only"], place);
  });
});

describe("wrong calls of the client", () => {
  const head = [
    'import { createJifenClient, isJifenError } from "@jifen/client";',
    'const jifen = createJifenClient({ url: "/api/jifen" });',
    "declare const error: unknown;",
  ];
  const wrong = [
    {
      says: "a field that the contract does not declare",
      line: 'jifen.credits.consume.mutate({ amount: 5, action: "a", price: 5 });',
    },
    { says: "an amount as text", line: 'jifen.credits.consume.mutate({ amount: "5", action: "a" });' },
    { says: "a missing field", line: "jifen.credits.consume.mutate({ amount: 5 });" },
    { says: "a list without its input", line: "jifen.transactions.list.query();" },
    { says: "a kind that does not exist", line: 'jifen.transactions.list.query({ kind: "gift" });' },
    { says: "a procedure that does not exist", line: "jifen.credits.steal.mutate({ amount: 5 });" },
    { says: "a router that does not exist", line: "jifen.wallet.balance.query();" },
    { says: "a query called as a mutation", line: "jifen.credits.balance.mutate();" },
    { says: "an input for a procedure without input", line: "jifen.credits.balance.query({ userId: 1 });" },
    { says: "a field of the output that does not exist", line: "(await jifen.credits.balance.query()).credits;" },
    {
      says: "a field of a result that may be invalid",
      line: '(await jifen.auth.verify.mutate({ token: "t" })).userId;',
    },
    {
      says: "token and getToken together",
      line: 'createJifenClient({ url: "/", token: "t", getToken: () => "t" });',
    },
    { says: "an unsupported language", line: 'createJifenClient({ url: "/", language: "fr" });' },
    { says: "an error code that does not exist", line: 'isJifenError(error, "TOO_POOR");' },
    { says: "the details of another refusal", line: 'if (isJifenError(error, "OVERLOADED")) error.details.balance;' },
  ];
  let output = "";
  beforeAll(async () => {
    await writeFile(join(project.folder, "wrong.ts"), [...head, ...wrong.map(({ line }) => line), ""].join("\n"));
    output = (await typeCheck("-p", ".")).stdout;
  });

  test.each(wrong.map(({ says }, index) => ({ says, lineNumber: head.length + index + 1 })))(
    "the compiler refuses $says",
    ({ lineNumber }) => {
      expect(output).toMatch(new RegExp(`^wrong\\.ts\\(${lineNumber},\\d+\\): error TS`, "m"));
    },
  );

  test("the compiler refuses nothing else", () => {
    const refused = [...output.matchAll(/^(\S+)\((\d+),/gm)].map(([, file, line]) => ({ file, line: Number(line) }));
    for (const { file, line } of refused) {
      expect(file).toBe("wrong.ts");
      expect(line).toBeGreaterThan(head.length);
    }
  });
});
