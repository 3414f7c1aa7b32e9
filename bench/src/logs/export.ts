import { setTimeout } from "node:timers/promises";
import type { Bench, Part } from "../bench.ts";
import { startApi } from "../http/servers.ts";
import { insertUsers, logInAll } from "../load/logins.ts";
import { median } from "../report/statistics.ts";
import { METRICS_TOKEN, readMetrics } from "../server-metrics.ts";
import { emailOf, number } from "../workload.ts";
import { type FilledKind, openFilled } from "./filled.ts";
import { openRawDatabase } from "./raw-logs.ts";

const SAMPLE_MS = 1_000;
const MORE_MB = 100;
const TIMES_IDLE = 2;
/** The line of names and the line of totals. */
const OTHER_LINES = 2;
const LINE_BREAK = 10;

/** The memory of a server, and how late its event loop was since the last sample. */
type Sample = { readonly residentMb: number; readonly loopP99Ms: number };

async function takeSample(url: string): Promise<Sample> {
  const metric = await readMetrics(url);
  return {
    residentMb: metric("process_resident_memory_bytes") / 1_048_576,
    loopP99Ms: metric("nodejs_eventloop_lag_p99_seconds") * 1_000,
  };
}

/** Takes samples until `work` has ended. */
async function sampleDuring<Result>(url: string, work: Promise<Result>): Promise<readonly [Result, readonly Sample[]]> {
  const samples: Sample[] = [];
  let isRunning = true;
  const ended = work.finally(() => {
    isRunning = false;
  });
  while (isRunning) {
    await Promise.race([setTimeout(SAMPLE_MS), ended.catch(() => undefined)]);
    samples.push(await takeSample(url));
  }
  return [await ended, samples];
}

/** Reads a whole file as fast as it comes. @returns its lines and bytes */
async function readFile(url: string, token: string): Promise<{ readonly lines: number; readonly bytes: number }> {
  const response = await fetch(`${url}/admin/logs/export?format=csv`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  if (response.status !== 200 || !response.body) throw new Error(`the export answered ${response.status}`);
  const read = { lines: 0, bytes: 0 };
  for await (const chunk of response.body) {
    read.bytes += chunk.length;
    for (let at = chunk.indexOf(LINE_BREAK); at >= 0; at = chunk.indexOf(LINE_BREAK, at + 1)) read.lines += 1;
  }
  return read;
}

/** A server on the filled database, and the token of an admin. */
async function startServer(kind: FilledKind, databaseUrl: string) {
  const raw = await openRawDatabase(kind, databaseUrl);
  await raw.rows(insertUsers);
  await raw.rows(`UPDATE users SET role = 'admin' WHERE id = '${emailOf(1)}'`);
  await raw.close();
  const server = await startApi(databaseUrl, { METRICS_TOKEN });
  const [token] = await logInAll(server.url, 1);
  return { ...server, token };
}

/** One file of all logs as CSV: the memory and the event loop of the server, compared with those before. */
const createPart = (kind: FilledKind, database: string): Part => ({
  name: `export-${kind}`,
  says: `one file of all logs on ${database}: the memory and the event loop of the server`,
  run: async (bench) => {
    const filled = await openFilled(bench, kind);
    if (!filled) return;
    const { url, token, stop } = await startServer(kind, filled.url);
    await takeSample(url);
    const [, idle] = await sampleDuring(url, setTimeout(bench.options.seconds * SAMPLE_MS));
    const beganMs = performance.now();
    const [file, during] = await sampleDuring(url, readFile(url, token));
    const seconds = (performance.now() - beganMs) / 1_000;
    await stop();
    const rows = await filled.raw.ask("SELECT count(*) FROM call_logs");
    const megabytes = number(Math.round(file.bytes / 1_048_576));
    bench.report.remark(`${database}: ${number(rows)} logs, ${megabytes} MB of CSV in ${seconds.toFixed(0)} s`);
    if (file.lines !== rows + OTHER_LINES) bench.report.finding(`a file of ${rows} logs has ${file.lines} lines`);
    setTargets(bench, `export-${kind}`, { idle, during });
  },
});

function setTargets(
  { report }: Bench,
  part: string,
  { idle, during }: { readonly idle: readonly Sample[]; readonly during: readonly Sample[] },
): void {
  const most = Math.max(...during.map(({ residentMb }) => residentMb));
  report.targets.push({
    ...{ part, says: "a file of all logs: more memory", baseline: "before it" },
    target: { must: "at most", limit: MORE_MB, unit: "MB" },
    ratios: [most - median(idle.map(({ residentMb }) => residentMb))],
  });
  const loopOf = (samples: readonly Sample[]) => median(samples.map(({ loopP99Ms }) => loopP99Ms));
  report.targets.push({
    ...{ part, says: "a file of all logs: p99 of the event loop", baseline: "idle" },
    target: { must: "at most", limit: TIMES_IDLE },
    ratios: [loopOf(during) / loopOf(idle)],
  });
}

/** Files on the databases that are filled. */
export const exportParts: readonly Part[] = [createPart("postgresql", "PostgreSQL"), createPart("sqlite", "SQLite")];
