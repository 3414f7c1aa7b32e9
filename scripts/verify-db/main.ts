/** Runs what shows the promises of a database on the server behind a URL, on databases of its own, which it drops. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Kept, type Kind, type Proof, promises } from "./promises.ts";

const usage = `pnpm verify:db URL

  postgresql://user:password@host:5432/postgres   a user who may make databases
  mysql://user:password@host:3306/                likewise; mariadb:// too
  mongodb://user:password@host:27017/?replicaSet=rs0
  sqlite                                          the embedded database, on this disk

Makes databases of its own there, runs the tests that show what Jifen needs of a database, and drops them.
It takes some minutes and much of the server. 在该服务器上自建数据库运行全部一致性测试，结束后删除；需要数分钟。
`;

const variables = { postgresql: "TEST_POSTGRES_URL", mysql: "TEST_MYSQL_URL", mongodb: "TEST_MONGODB_URL" } as const;

function kindOf(url: string): Kind | undefined {
  if (url === "sqlite") return "sqlite";
  if (/^postgres(ql)?:/.test(url)) return "postgresql";
  if (/^(mysql|mariadb):/.test(url)) return "mysql";
  return /^mongodb(\+srv)?:/.test(url) ? "mongodb" : undefined;
}

type Result = { readonly status: string; readonly fullName: string; readonly failureMessages: readonly string[] };
type Report = {
  readonly testResults: readonly { readonly name: string; readonly assertionResults: readonly Result[] }[];
};

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** What the whole name of a test begins with. */
const beginning = ({ titles }: Proof) => `^${titles.map(escaped).join("( > | )")}`;

/** Runs the tests of these proofs, all at once, as they run in development. */
function run(proofs: readonly Proof[], env: Readonly<Record<string, string>>): Report {
  const folder = mkdtempSync(join(tmpdir(), "jifen-verify-"));
  const report = join(folder, "report.json");
  const files = [...new Set(proofs.map(({ file }) => file))];
  const names = proofs.map(beginning).join("|");
  const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
  const reporters = ["--reporter=json", `--outputFile.json=${report}`];
  process.stderr.write(`${files.length} files of tests, which takes some minutes 正在运行，需要数分钟…\n`);
  spawnSync(
    process.execPath,
    [vitest, "run", "--config", "vitest.full.config.ts", ...files, "-t", names, ...reporters],
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

function judge(report: Report, proof: Proof | undefined): Verdict {
  if (proof === undefined) return { sign: "–", passed: 0, failed: [] };
  const name = new RegExp(beginning(proof));
  const results = report.testResults
    .filter((each) => each.name.replaceAll("\\", "/").endsWith(proof.file))
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ fullName }) => name.test(fullName));
  const failed = results.filter(({ status }) => status === "failed");
  const passed = results.filter(({ status }) => status === "passed").length;
  // A file that does not even load has no results: nothing was shown.
  return { sign: failed.length > 0 || passed === 0 ? "✗" : "✓", passed, failed };
}

function toLines({ en, zh }: Kept, { sign, passed, failed }: Verdict): string {
  const tests = sign === "–" ? "not shown by a test here 此处没有测试" : `${passed} passed, ${failed.length} failed`;
  const why = failed.slice(0, 3).map(({ fullName, failureMessages }) => {
    const [first = ""] = (failureMessages[0] ?? "").split("\n");
    return `      ${fullName}\n        ${first}\n`;
  });
  return `${sign} ${en}\n    ${zh} (${tests})\n${why.join("")}`;
}

const url = process.argv[2] ?? "";
const kind = kindOf(url);
if (kind === undefined) {
  process.stderr.write(usage);
  process.exit(2);
}
const env: Record<string, string> = kind === "sqlite" ? {} : { [variables[kind]]: url, REQUIRE_DATABASES: kind };
const proofs = promises.flatMap((kept) => kept.proofs[kind] ?? []);
const reports = [
  run(
    proofs.filter(({ isAlone }) => !isAlone),
    env,
  ),
];
for (const proof of proofs.filter(({ isAlone }) => isAlone)) {
  reports.push(run([proof], kind === "mongodb" ? { ...env, TEST_MONGODB_FAILOVER_URL: url } : env));
}
const report: Report = { testResults: reports.flatMap(({ testResults }) => testResults) };
const verdicts = promises.map((kept) => [kept, judge(report, kept.proofs[kind])] as const);
process.stdout.write(`\n${verdicts.map(([kept, verdict]) => toLines(kept, verdict)).join("")}`);
const broken = verdicts.filter(([, { sign }]) => sign === "✗").length;
const words = broken === 0 ? "Every promise was kept 全部通过" : `${broken} promises were not kept 项未通过`;
process.stdout.write(`\n${words}: ${kind}\n`);
process.exitCode = broken === 0 ? 0 : 1;
