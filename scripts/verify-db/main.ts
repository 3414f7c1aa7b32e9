/** Runs the tests of the database promises on the server behind a URL, in temporary databases. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { DatabaseKind } from "../../packages/testkit/src/fresh-database.ts";
import { type DatabasePromise, promises } from "./promises.ts";

const usage = `pnpm verify:db URL

  postgresql://user:password@host:5432/postgres   a user with the right to create databases
  mysql://user:password@host:3306/                the same; or mariadb://
  mongodb://user:password@host:27017/?replicaSet=rs0
  sqlite                                          the embedded database, on this disk

Creates temporary databases there, runs the tests that prove what Jifen needs of a database, and drops them.
It takes some minutes and loads the server. 在该服务器上自建数据库运行全部一致性测试，结束后删除；需要数分钟。
`;

const variables = { postgresql: "TEST_POSTGRES_URL", mysql: "TEST_MYSQL_URL", mongodb: "TEST_MONGODB_URL" } as const;

function kindOf(url: string): DatabaseKind | undefined {
  if (url === "sqlite") return "sqlite";
  if (/^postgres(ql)?:/.test(url)) return "postgresql";
  if (/^(mysql|mariadb):/.test(url)) return "mysql";
  return /^mongodb(\+srv)?:/.test(url) ? "mongodb" : undefined;
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
    [vitest, "run", "--config", "vitest.full.config.ts", ...files, `--tagsFilter=${tags}`, ...reporters],
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

type Verdict = { readonly sign: "✓" | "✗" | "–"; readonly passed: number; readonly failed: readonly Result[] };

function verdictOf(report: Report, promise: DatabasePromise, kind: DatabaseKind): Verdict {
  if (!proofOf(promise, kind)) return { sign: "–", passed: 0, failed: [] };
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

const url = process.argv[2] ?? "";
const kind = kindOf(url);
if (kind === undefined) {
  process.stderr.write(usage);
  process.exit(2);
}
const env: Record<string, string> = kind === "sqlite" ? {} : { [variables[kind]]: url, REQUIRE_DATABASES: kind };
const proved = promises.filter((each) => proofOf(each, kind));
const runsAlone = (each: DatabasePromise) => proofOf(each, kind)?.runsAlone === true;
const reports = [
  run(
    proved.filter((each) => !runsAlone(each)),
    kind,
    env,
  ),
];
for (const each of proved.filter(runsAlone)) {
  reports.push(run([each], kind, kind === "mongodb" ? { ...env, TEST_MONGODB_FAILOVER_URL: url } : env));
}
const report: Report = { testResults: reports.flatMap(({ testResults }) => testResults) };
const verdicts = promises.map((each) => [each, verdictOf(report, each, kind)] as const);
process.stdout.write(`\n${verdicts.map(([each, verdict]) => toLines(each, verdict)).join("")}`);
const broken = verdicts.filter(([, { sign }]) => sign === "✗").length;
const summary = broken === 0 ? "Every promise holds 全部通过" : `${broken} promises do not hold 项未通过`;
process.stdout.write(`\n${summary}: ${kind}\n`);
process.exitCode = broken === 0 ? 0 : 1;
