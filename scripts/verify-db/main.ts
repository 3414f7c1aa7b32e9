/** Runs the tests of the database promises on the server behind a URL, in temporary databases. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { DatabaseKind } from "../../packages/testkit/src/fresh-database.ts";
import { serverVariables } from "../../packages/testkit/src/server-variables.ts";
import { isScripted, ScriptFailed, scriptVariables } from "./after-migrations.ts";
import { type Arguments, readArguments, shownUrl, UsageError } from "./arguments.ts";
import { CLUSTER_VARIABLE, citusRoleOf, unprovedOnCluster } from "./cluster.ts";
import { findNotShown } from "./not-shown.ts";
import { type DatabasePromise, promises } from "./promises.ts";
import { NotTheSameDatabase, tryOptions } from "./try-options.ts";

const usage = `pnpm verify:db URL [--second-url URL] [--after-migrations FILE]

  postgresql://user:password@host:5432/postgres   a user with the right to create databases
  mysql://user:password@host:3306/                the same; or mariadb://
  mongodb://user:password@host:27017/?replicaSet=rs0
  sqlite                                          the embedded database, on this disk

  --second-url URL         another address of the same server or cluster: the second of two processes uses it
                           同一服务器或集群的另一地址，供两个进程中的第二个使用
  --after-migrations FILE  SQL that runs in each database after its migrations, on PostgreSQL and MySQL
                           在每个数据库升级后执行的 SQL 脚本

Creates temporary databases there, runs the tests that prove what Jifen needs of a database, and drops them.
It takes some minutes and loads the server. 在该服务器上自建数据库运行全部一致性测试，结束后删除；需要数分钟。
`;

/** The environment of the tests. Variables without a value replace those of the operator's shell. */
function environmentOf({ kind, url, secondUrl = "", afterMigrations = "" }: Arguments): Record<string, string> {
  if (kind === "sqlite") return {};
  const variables = serverVariables[kind];
  return {
    ...{ [variables.url]: url, REQUIRE_DATABASES: kind, [variables.secondUrl]: secondUrl },
    ...(isScripted(kind) ? { [scriptVariables[kind]]: afterMigrations } : {}),
  };
}

type Result = {
  readonly status: string;
  readonly fullName: string;
  readonly failureMessages: readonly string[];
  readonly tags: readonly string[];
};
type Report = { readonly testResults: readonly { readonly assertionResults: readonly Result[] }[] };

const proofOf = ({ proofs }: DatabasePromise, kind: DatabaseKind) => proofs[kind];

/** Runs the tests of these promises on a kind of database. */
function run(selected: readonly DatabasePromise[], kind: DatabaseKind, env: Readonly<Record<string, string>>): Report {
  const folder = mkdtempSync(join(tmpdir(), "jifen-verify-"));
  const report = join(folder, "report.json");
  const files = [...new Set(selected.flatMap((each) => proofOf(each, kind)?.file ?? []))];
  const tags = `${kind} and (${selected.map(({ id }) => id).join(" or ")})`;
  const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
  const reporters = ["--reporter=json", `--outputFile.json=${report}`];
  process.stderr.write(`${files.length} test files, which take some minutes 正在运行，需要数分钟…\n`);
  spawnSync(
    process.execPath,
    [vitest, "run", "--config", "scripts/verify-db/vitest.config.ts", ...files, `--tagsFilter=${tags}`, ...reporters],
    {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, ...env },
    },
  );
  try {
    return JSON.parse(readFileSync(report, "utf8")) as Report;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** There is no proof on this database. */
const none: Verdict = { sign: "–", passed: 0, failed: [] };

type Verdict = { readonly sign: "✓" | "✗" | "–"; readonly passed: number; readonly failed: readonly Result[] };

function verdictOf(report: Report, promise: DatabasePromise, kind: DatabaseKind): Verdict {
  const results = report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ tags }) => tags.includes(promise.id) && tags.includes(kind));
  const failed = results.filter(({ status }) => status === "failed");
  const passed = results.filter(({ status }) => status === "passed").length;
  // A file that fails to load has no results: nothing was proved.
  return { sign: failed.length > 0 || passed === 0 ? "✗" : "✓", passed, failed };
}

function toLines({ en, zh }: DatabasePromise, { sign, passed, failed }: Verdict): string {
  const tests = sign === "–" ? "no test on this database 此处没有测试" : `${passed} passed, ${failed.length} failed`;
  const failures = failed.slice(0, 3).map(({ fullName, failureMessages }) => {
    const [first = ""] = (failureMessages[0] ?? "").split("\n");
    return `      ${fullName}\n        ${first}\n`;
  });
  return `${sign} ${en}\n    ${zh} (${tests})\n${failures.join("")}`;
}

/** What is verified, without passwords. */
function headerOf({ kind, url, secondUrl, afterMigrations }: Arguments): string {
  return [
    `${kind}: ${kind === "sqlite" ? "on this disk 本地磁盘" : shownUrl(url)}`,
    ...(secondUrl === undefined ? [] : [`  second process 第二个进程: ${shownUrl(secondUrl)}`]),
    ...(afterMigrations === undefined ? [] : [`  after migrations 升级后执行: ${afterMigrations}`]),
  ].join("\n");
}

/** Runs all tests and prints their results. @returns whether every promise holds */
async function verify(given: Arguments): Promise<boolean> {
  const { kind, url } = given;
  process.stdout.write(`${headerOf(given)}\n`);
  await tryOptions(given);
  const isCluster = kind === "postgresql" && (await citusRoleOf(url)) === "coordinator";
  const env = { ...environmentOf(given), [CLUSTER_VARIABLE]: isCluster ? url : "" };
  const proved = promises.filter((each) => proofOf(each, kind) && !(isCluster && unprovedOnCluster.has(each.id)));
  const runsAlone = (each: DatabasePromise) => proofOf(each, kind)?.runsAlone === true;
  const together = proved.filter((each) => !runsAlone(each));
  const reports = [run(together, kind, env)];
  for (const each of proved.filter(runsAlone)) {
    reports.push(run([each], kind, kind === "mongodb" ? { ...env, TEST_MONGODB_FAILOVER_URL: url } : env));
  }
  const report: Report = { testResults: reports.flatMap(({ testResults }) => testResults) };
  const verdicts = promises.map(
    (each) => [each, proved.includes(each) ? verdictOf(report, each, kind) : none] as const,
  );
  process.stdout.write(`\n${verdicts.map(([each, verdict]) => toLines(each, verdict)).join("")}`);
  const broken = verdicts.filter(([, { sign }]) => sign === "✗").length;
  const summary = broken === 0 ? "Every promise holds 全部通过" : `${broken} promises do not hold 项未通过`;
  process.stdout.write(`\n${summary}: ${kind}\n`);
  for (const sentence of await findNotShown(given)) process.stdout.write(`${sentence}\n`);
  return broken === 0;
}

try {
  process.exitCode = (await verify(readArguments(process.argv.slice(2)))) ? 0 : 1;
} catch (error) {
  const { message, stack, code } = error as NodeJS.ErrnoException;
  const isUsage = error instanceof UsageError || code?.startsWith("ERR_PARSE_ARGS");
  const isExpected = error instanceof NotTheSameDatabase || error instanceof ScriptFailed;
  process.stderr.write(isUsage ? `${message}\n\n${usage}` : `${isExpected ? message : stack}\n`);
  process.exitCode = 2;
}
