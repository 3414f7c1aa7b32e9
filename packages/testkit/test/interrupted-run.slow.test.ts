// Expected duration: 40 s on two cores.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeOn, eventually, onMysql } from "@jifen/testkit";
import { findChromium } from "@jifen/testkit/browser";
import { onPostgresql } from "@jifen/testkit/processes";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { environment, vitest } from "./run-vitest.ts";

const config = join(import.meta.dirname, "fixtures/run.config.ts");

/** Starts a run whose temporary files are in `folder`. */
function startRun(filter: string, folder: string): ChildProcess {
  const env = environment({
    TMPDIR: folder,
    TEST_POSTGRES_URL: inject("postgresqlUrl"),
    TEST_MYSQL_URL: inject("mysqlUrl"),
  });
  return spawn(process.execPath, [vitest, "run", "--config", config, filter], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Resolves when the run has started everything. @throws Error with its output when it ends before */
async function untilEverythingRuns(run: ChildProcess): Promise<void> {
  let output = "";
  for (const stream of [run.stdout, run.stderr]) stream?.on("data", (chunk) => (output += String(chunk)));
  await expect
    .poll(() => run.exitCode !== null || output.includes("everything is running"), { timeout: timeLimit(90) })
    .toBe(true);
  if (run.exitCode !== null) throw new Error(`The run ended:\n${output}`);
}

type Process = { readonly pid: number; readonly parent: number; readonly command: string };

const allProcesses = (): readonly Process[] =>
  execFileSync("ps", ["-eo", "pid=,ppid=,stat=,args="], { encoding: "utf8" })
    .split("\n")
    .map((line) => /^ *(?<pid>\d+) +(?<parent>\d+) +(?<state>\S+) (?<command>.*)$/.exec(line)?.groups ?? {})
    // A process that has ended, but whose parent has not noticed it, is none.
    .filter(({ state }) => state !== undefined && !state.startsWith("Z"))
    .map(({ pid, parent, command = "" }) => ({ pid: Number(pid), parent: Number(parent), command }));

/** A process and all that it has started. */
function familyOf(pid: number | undefined): readonly Process[] {
  const all = allProcesses();
  const family = all.filter((each) => each.pid === pid);
  for (const { pid: parent } of family) family.push(...all.filter((each) => each.parent === parent));
  return family;
}

/** The databases of the runs in `folder`, on both servers. */
async function databasesOf(names: readonly string[]): Promise<readonly string[]> {
  const onOne = await onPostgresql(inject("postgresqlUrl"), (client) =>
    client.query("SELECT datname AS name FROM pg_database"),
  );
  const onOther: readonly { name: string }[] = await onMysql(inject("mysqlUrl"), (connection) =>
    connection.query("SELECT schema_name AS name FROM information_schema.schemata"),
  );
  const prefixes = names.map((name) => name.replaceAll("-", "_"));
  return [...onOne.rows.map(({ name }) => String(name)), ...onOther.map(({ name }) => name)].filter((database) =>
    prefixes.some((prefix) => database.startsWith(prefix)),
  );
}

describe.skipIf(findChromium() === undefined)("an interrupted run of tests", { timeout: timeLimit(240) }, () => {
  describeOn("postgresql")("", () => {
    describeOn("mysql")("", () => {
      let folder: string;
      beforeEach(() => {
        // Short: the path of a socket of Chromium has at most 107 characters.
        folder = join(tmpdir(), "i");
        mkdirSync(folder);
      });
      afterEach(() => rmSync(folder, { recursive: true, force: true }));

      /** What a run has started. */
      async function startEverything() {
        const run = startRun("interrupted", folder);
        await untilEverythingRuns(run);
        const names = readdirSync(folder);
        const processes = familyOf(run.pid);
        const commands = processes.map(({ command }) => command).join("\n");
        expect(commands).toContain("apps/api/dist/main.js");
        expect(commands).toContain("--headless");
        expect(commands).toContain("sleep 3600");
        expect(await databasesOf(names)).toHaveLength(2);
        return { run, names, processes };
      }

      type Started = Awaited<ReturnType<typeof startEverything>>;

      async function expectNothingLeft({ names, processes }: Started): Promise<void> {
        const pids = new Set(processes.map(({ pid }) => pid));
        await eventually(async () => {
          expect(allProcesses().filter(({ pid }) => pids.has(pid))).toEqual([]);
          expect(await databasesOf(names)).toEqual([]);
          expect(readdirSync(folder)).toEqual([]);
        });
      }

      test.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)(
        "a run of tests that ends by %s leaves no process, no database and no file",
        async (signal) => {
          const started = await startEverything();
          started.run.kill(signal);
          await expectNothingLeft(started);
        },
      );

      test("the next run removes what is left of a run whose watchdog was killed too", async () => {
        const started = await startEverything();
        const watchdog = started.processes.find(({ command }) => command.endsWith("run/watchdog.ts"));
        process.kill(Number(watchdog?.pid), "SIGKILL");
        const ended = once(started.run, "exit");
        started.run.kill("SIGKILL");
        await ended;
        expect(await databasesOf(started.names)).toHaveLength(2);
        expect(readdirSync(folder)).toEqual(started.names);

        const next = startRun("passing", folder);
        expect(await once(next, "exit")).toEqual([0, null]);
        await expectNothingLeft(started);
      });
    });
  });
});
