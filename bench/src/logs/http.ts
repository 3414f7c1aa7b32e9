import { randomUUID } from "node:crypto";
import { openDatabase } from "@jifen/database";
import { onPostgresql } from "@jifen/testkit/processes";
import type { Request } from "autocannon";
import Driver from "better-sqlite3";
import type { Bench, Part } from "../bench.ts";
import { Comparison } from "../comparison.ts";
import { startApi } from "../http/servers.ts";
import { applyLoad } from "../load/http-load.ts";
import { insertUsers, logInAll } from "../load/logins.ts";
import type { Tokens, Work } from "../load/requests.ts";
import { emailOf } from "../workload.ts";
import { checkLogs } from "./check-logs.ts";
import type { FilledKind } from "./filled.ts";
import { randomLog } from "./log-workload.ts";
import { openRawLogs } from "./raw-logs.ts";

const CONNECTIONS = 64;
const IN_BATCH = 100;
/** Each user sends one of so many bodies in turn. */
const BODIES = 20;

/** A log as a caller sends it. */
function sentLog(user: number) {
  const { action, success, durationMs, subjectId, details } = randomLog();
  const named = subjectId === null ? {} : { transactionId: `txn-${randomUUID()}` };
  const shown = { userId: emailOf(user), action, success, timestamp: new Date().toISOString() };
  return { ...shown, durationMs, ...named, details: JSON.parse(String(details)) };
}

/** Requests of 64 users, without keys of their own, so that each log is written. */
function workOf(tokens: Tokens, logsEach: number): Work {
  const [path, bodyOf] =
    logsEach === 1
      ? (["/logs/create", sentLog] as const)
      : (["/logs/batch", (user: number) => ({ logs: Array.from({ length: logsEach }, () => sentLog(user)) })] as const);
  const requests = Array.from({ length: CONNECTIONS * BODIES }, (_, at): Request => {
    const user = at % CONNECTIONS;
    const headers = { Authorization: `Bearer ${tokens[user]}`, "Content-Type": "application/json" };
    return { method: "POST", path, headers, body: JSON.stringify(bodyOf(user + 1)) };
  });
  return { what: "write logs over HTTP", spread: "10,000 accounts", requests, consumesEach: logsEach };
}

/** A server with users on an empty database. */
async function startServer(bench: Bench, kind: FilledKind) {
  const { url } = await bench.databases.create(kind);
  await (await openDatabase(url)).close();
  if (kind === "sqlite") new Driver(url.slice("file:".length)).exec(insertUsers).close();
  else await onPostgresql(url, (client) => client.query(insertUsers));
  // One user writes more than the default allows.
  const server = await startApi(url, { LOG_BYTES_PER_HOUR: "off" });
  return { ...server, databaseUrl: url, tokens: await logInAll(server.url, CONNECTIONS) };
}

/** `POST /logs/batch` with 100 logs, compared with `POST /logs/create`. */
const createPart = (kind: FilledKind, database: string): Part => ({
  name: `http-${kind}`,
  says: `POST /logs/batch of ${IN_BATCH} on ${database}, compared with POST /logs/create, ${CONNECTIONS} connections`,
  run: async (bench) => {
    if (!(await bench.databases.has(kind))) return;
    const { url, tokens, stop, databaseUrl } = await startServer(bench, kind);
    const comparison = new Comparison(bench, `http-${kind}`);
    const counts = { confirmed: 0, unanswered: 0 };
    const add = (subject: string, logsEach: number) => {
      const work = workOf(tokens, logsEach);
      return comparison.add({
        ...{ what: work.what, spread: `${CONNECTIONS} users`, subject, atOnce: CONNECTIONS },
        run: async () => {
          const load = await applyLoad({ url, work, connections: CONNECTIONS, seconds: bench.options.seconds });
          counts.confirmed += load.confirmed;
          counts.unanswered += load.unanswered;
          for (const [code, times] of Object.entries(load.failed))
            bench.report.finding(`${subject} on ${database}: ${times} answers with ${code}`);
          return load;
        },
      });
    };
    const single = add("POST /logs/create", 1);
    const batch = add(`POST /logs/batch of ${IN_BATCH}`, IN_BATCH);
    const says = `POST /logs/batch of ${IN_BATCH}, ${CONNECTIONS} connections: logs per second`;
    comparison.expectRate(batch, [single], { says, baseline: "POST /logs/create", limit: 4 });
    await comparison.measure();
    await stop();
    bench.checkAtEnd(async () => {
      await checkLogs(bench, { kind, url: databaseUrl, which: "all" });
      const raw = await openRawLogs(kind, databaseUrl);
      const rows = await raw.ask("SELECT count(*) FROM call_logs");
      await raw.close();
      const most = counts.confirmed + counts.unanswered;
      if (rows < counts.confirmed || rows > most)
        bench.report.finding(`${kind}: ${rows} logs, where ${counts.confirmed} to ${most} were written over HTTP`);
    });
  },
});

/** Writing over HTTP. */
export const httpParts: readonly Part[] = [createPart("postgresql", "PostgreSQL"), createPart("sqlite", "SQLite")];
