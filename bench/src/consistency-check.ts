import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Report } from "./report/report.ts";
import { USERS } from "./workload.ts";

/** What the clients know: how many consumes were confirmed, and how many more may have been done. */
export type Tally = { confirmed: number; unanswered: number };

/** As `jifen audit --json` prints it. */
type Audit = { readonly accounts: number; readonly transactions: number; readonly differences: readonly object[] };

/** What was measured, where its data is, and what its clients know. */
type Checked = { readonly name: string; readonly url: string; readonly tally: Tally };

/**
 * Runs the product's own audit on the database, and compares the number of consumes with what the clients were answered.
 * Every account has one grant; all other entries are consumes.
 */
export async function checkConsistency({ name, url, tally }: Checked, report: Report): Promise<void> {
  const { accounts, transactions, differences } = await runAudit(url);
  const consumes = transactions - accounts;
  const most = tally.confirmed + tally.unanswered;
  const findings = [
    ...differences.slice(0, 3).map((difference) => `jifen audit: ${JSON.stringify(difference)}`),
    ...(accounts === USERS ? [] : [`there are ${accounts} accounts, not ${USERS}`]),
    ...(consumes >= tally.confirmed ? [] : [`${tally.confirmed} consumes were confirmed, ${consumes} are stored`]),
    ...(consumes <= most ? [] : [`${consumes} consumes are stored, at most ${most} can have been done`]),
  ];
  for (const finding of findings) report.finding(`${name}: ${finding}`);
  if (findings.length === 0) report.progress(`  ${name}: ${consumes} consumes, all as they were answered`);
}

const command = new URL("dist/cli/main.js", import.meta.resolve("@jifen/api/package.json")).pathname;

async function runAudit(databaseUrl: string): Promise<Audit> {
  const env = { PATH: process.env["PATH"], DATABASE_URL: databaseUrl };
  const maxBuffer = 64 * 1_024 * 1_024;
  const run = promisify(execFile)(process.execPath, [command, "audit", "--json"], { env, maxBuffer });
  // The exit code is 1 when there are differences; they are in the output.
  const { stdout, stderr } = await run.catch((error: Error & { stdout: string; stderr: string }) => error);
  if (!stdout.startsWith("{")) throw new Error(`jifen audit did not end well: ${stderr}`);
  return JSON.parse(stdout) as Audit;
}
