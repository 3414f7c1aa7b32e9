import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { databaseKinds, describeOn } from "@jifen/testkit";
import type { ArgsDef } from "citty";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { jifen as root } from "../src/cli/commands.ts";
import { declaredBy } from "../src/cli/declared-arguments.ts";
import { readArguments } from "../src/cli/read-arguments.ts";
import { runCommandLine } from "../src/cli/run-command-line.ts";
import { type Leaf, leavesOf } from "./command-leaves.ts";
import { type CommandResult, jifenWith, startJifen } from "./jifen-command.ts";
import { type ApiWithAdmin, startApiWithAdmin } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

const leaves = await leavesOf();
const isPositional = (definition: ArgsDef[string]) => definition.type === "positional";
const optionsOf = ({ args }: Leaf) =>
  Object.keys(args).filter((name) => args[name] !== undefined && !isPositional(args[name]));

/** A complete and valid call, as far as its words can tell. */
const validCall = ({ words, args }: Leaf) => [
  ...words,
  ...Object.entries(args).flatMap(([name, definition]) => {
    if (isPositional(definition)) return [name === "amount" ? "5" : "ann@example.com"];
    return definition.required ? [`--${name}`, "x"] : [];
  }),
];

/** Runs the command line in this process: a process for each call would take minutes. */
async function runHere(env: Readonly<Record<string, string>>, words: readonly string[]): Promise<CommandResult> {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const watch = (stream: NodeJS.WriteStream) => vi.spyOn(stream, "write").mockReturnValue(true);
  const [out, error] = [watch(process.stdout), watch(process.stderr)];
  const textOf = (spy: typeof out) => spy.mock.calls.map(([text]) => String(text)).join("");
  try {
    await runCommandLine(root, words);
    return { exitCode: Number(process.exitCode ?? 0), stdout: textOf(out), stderr: textOf(error) };
  } finally {
    process.exitCode = 0;
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  }
}

/** Runs a command on a database that does not exist, in an empty folder, and expects that it looked at neither. */
async function refusalOf(words: readonly string[], run = runHere): Promise<string> {
  const folder = createTemporaryFolder();
  const env = { DATABASE_URL: `file:${join(folder, "jifen.db")}`, DATA_DIR: folder };
  const { exitCode, stdout, stderr } = await run(env, words);
  expect({ words, exitCode, stdout, files: readdirSync(folder) }).toEqual({
    words,
    exitCode: 1,
    stdout: "",
    files: [],
  });
  expect(stderr).not.toMatch(/database|DATABASE_URL|VALIDATION_FAILED|\n\s+at /);
  return stderr;
}

describe("the words of a command line", () => {
  test("the table has every command", () => {
    expect(leaves.map(({ words }) => words.join(" "))).toEqual(
      expect.arrayContaining([
        "admin create",
        "doctor",
        "grant",
        "import",
        "key rotate",
        "secret new",
        "user sessions end",
      ]),
    );
  });

  test.each(leaves.map((leaf) => ({ name: leaf.words.join(" "), leaf })))(
    "jifen $name refuses an unknown option, a misspelt option and a superfluous argument, and opens nothing",
    async ({ leaf }) => {
      const call = validCall(leaf);
      const [longest = ""] = optionsOf(leaf).toSorted((one, other) => other.length - one.length);
      const typed = longest.slice(0, -1);
      expect(await refusalOf([...call, "--frobnicate"])).toContain("has no option --frobnicate: it has --");
      const misspelt = await refusalOf([...call, `--${typed}`, "x"]);
      expect(misspelt).toContain(`has no option --${typed}: did you mean --${longest}?`);
      expect(await refusalOf([...call, "extra"])).toContain('"extra" is superfluous');
    },
  );

  test.each([
    { words: ["grant", "ann@example.com", "5", "--reason=x", "--expires=2030-01-01T00:00:00Z"] },
    { words: ["migrate", "--chek"] },
  ])("the process of jifen $words exits with 1 and writes no file", async ({ words }) => {
    await refusalOf(words, (env, typed) => startJifen(env, ...typed).ended);
  });

  test.each(leaves.flatMap((leaf) => optionsOf(leaf).map((option) => ({ name: leaf.words.join(" "), leaf, option }))))(
    "jifen $name suggests --$option for each way to misspell it",
    ({ leaf, name, option }) => {
      const declared = declaredBy(`jifen ${name}`, leaf.args);
      const [first = "", second = ""] = option;
      const always = [`${option}s`, option.toUpperCase()];
      // One letter of `to`, or both in another order, could be any option of two letters.
      const ofLonger = [option.slice(0, -1), `${second}${first}${option.slice(2)}`];
      const ways = option.length > 2 ? [...always, ...ofLonger] : always;
      for (const typed of ways) {
        const read = readArguments([...validCall(leaf).slice(leaf.words.length), `--${typed}`], declared);
        expect(read).toMatchObject({ refusal: { en: expect.stringContaining(`did you mean --${option}?`) } });
      }
    },
  );

  test.each([
    { words: ["gant", "ann@example.com", "5"], says: 'has no command "gant": did you mean grant?' },
    { words: ["user", "supend", "ann@example.com"], says: 'jifen user has no command "supend": did you mean suspend?' },
    { words: ["toString"], says: "it has admin, audit" },
    { words: ["key", "__proto__"], says: "it has create, list" },
    { words: ["--", "doctor"], says: 'has no command "--"' },
    { words: [], says: "The command is incomplete" },
    { words: ["user", "sessions"], says: "After jifen user sessions one of these follows: end" },
    { words: ["user", "--email=ann@example.com"], says: "jifen user has no option --email: it has --lang" },
    { words: ["--reason", "grant", "ann@example.com", "5", "x"], says: "jifen has no option --reason" },
    { words: ["--lang", "fr", "doctor"], says: "--lang is zh or en, not fr" },
    { words: ["doctor", "--lang"], says: "--lang needs a value" },
  ])("jifen $words is refused: $says", async ({ words, says }) => {
    expect(await refusalOf(words)).toContain(says);
  });

  test.each(["--port=3000", "start"])("the server does not start with the argument %s", (word) => {
    const server = fileURLToPath(new URL("../dist/main.js", import.meta.url));
    const { status, stdout, stderr } = spawnSync(process.execPath, [server, word], { encoding: "utf8" });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain(`was started with ${word.split("=")[0]}: its settings are environment variables`);
  });

  test("a refusal of words is in the language of --lang or of the shell", async () => {
    const chinese = await jifenWith({ LANG: "zh_CN.UTF-8" }, "grant", "--expires=1");
    expect(chinese).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^jifen grant 没有选项 --expires：是否/),
    });
    const english = await jifenWith({ LANG: "zh_CN.UTF-8" }, "grant", "--expires=1", "--lang=en");
    expect(english.stderr).toMatch(/^jifen grant has no option/);
  });

  test.each([
    { words: ["--help"], says: "USAGE jifen " },
    { words: ["user", "sessions", "-h"], says: "USAGE jifen user sessions " },
    { words: ["grant", "ann@example.com", "--help", "--unknown"], says: "USAGE jifen grant " },
    { words: ["--version"], says: /^\d+\.\d+\.\d+\n$/ },
    { words: ["key", "create", "-v"], says: /^\d+\.\d+\.\d+\n$/ },
  ])("jifen $words prints $says and exits with 0", async ({ words, says }) => {
    const { exitCode, stdout, stderr } = await runHere({}, words);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(says);
  });
});

// The words are read before a database is chosen: one kind shows that nothing is changed.
for (const kind of databaseKinds.filter((each) => each === "sqlite")) {
  describeOn(kind)(`a command with wrong words on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
    });
    afterAll(() => api.server.stop());

    test.each([
      { words: ["5", "--reason", "x", "--expires", "2030-01-01T00:00:00Z"], says: "--expires-at" },
      { words: ["5", "--reason", "x", "--idempotency-key=a"], says: "--key" },
      { words: ["5", "5", "--reason", "x"], says: "superfluous" },
      { words: ["5", "--reason", "--json"], says: "--reason needs a value" },
      { words: ["0x10", "--reason", "x"], says: "amount: must be a whole number" },
      { words: ["1e3", "--reason", "x"], says: "amount: must be a whole number" },
      { words: ["５", "--reason", "x"], says: "amount: must be a whole number" },
      { words: ["5", "--reason", "x", "--expires-at", "2030-01-01"], says: "expiresAt: must be an ISO 8601 time" },
      { words: ["5", "--reason", "x", "--expires-at", "2030-01-01T00:00:00"], says: "with a time zone" },
      { words: ["5", "--reason", "x", "--expires-at", "tomorrow"], says: "expiresAt: must be" },
      { words: ["5", "--reason", "x", "--expires-at", "2020-01-01T00:00:00Z"], says: "must be in the future" },
    ])("jifen grant $words grants nothing and says $says", async ({ words, says }) => {
      const before = (await api.balance()).balance;
      const refused = await runHere({ DATABASE_URL: api.server.database.url }, ["grant", user.email, ...words]);
      expect(refused).toMatchObject({ exitCode: 1, stdout: "", stderr: expect.stringContaining(says) });
      expect((await api.balance()).balance).toBe(before);
    });

    test("jifen suspend with a superfluous second address suspends neither user", async () => {
      const words = ["user", "suspend", user.email, "ben@example.com"];
      expect(await runHere({ DATABASE_URL: api.server.database.url }, words)).toMatchObject({ exitCode: 1 });
      expect((await api.get("/auth/me")).status).toBe(200);
    });
  });
}
