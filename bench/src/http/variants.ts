import { addPgbench, openPgbench, pgbenchColumns } from "../baselines/pgbench.ts";
import { runPreparedStatement } from "../baselines/postgresql.ts";
import type { Part } from "../bench.ts";
import { Comparison, type Row } from "../comparison.ts";
import { withLogins } from "../load/logins.ts";
import { BATCH_SIZE, batches, consumes } from "../load/requests.ts";
import { spreads } from "../workload.ts";
import { logIn, startServers } from "./servers.ts";

/** The latency of one request at a time, compared with one prepared statement at a time. */
export const latencyPart: Part = {
  name: "lone",
  says: "the latency of one request at a time, compared with one prepared statement of the pg driver",
  run: async (bench) => {
    const pgbench = (await bench.databases.has("postgresql")) ? await openPgbench(bench) : undefined;
    if (!pgbench) return;
    const { seconds } = bench.options;
    const work = consumes(await logIn(bench), "one account");
    const servers = await startServers(bench, "postgresql");
    await servers.warmUp(work);
    await runPreparedStatement(pgbench.url, 1);
    const comparison = new Comparison(bench, "lone");
    const row = { what: "one consume", spread: work.spread, atOnce: 1 };
    const run = () => runPreparedStatement(pgbench.url, seconds);
    const statement = comparison.add({ ...row, subject: "one raw statement", run });
    const request = comparison.add({
      ...{ ...row, subject: servers.name, comparedWith: { "the statement": [statement] } },
      run: () => servers.load({ work, connections: 1, seconds }),
    });
    const expected = { says: "a single request: p50", baseline: "p50 of one raw statement", limit: 1.5 };
    comparison.expectLatency([request, "p50Ms"], [statement, "p50Ms"], { ...expected, must: "at most" });
    await comparison.measure();
    await servers.stop();
  },
};

/** For batches, and for consumes while logins arrive. */
const CONNECTIONS = 64;

/** tRPC batches of many users, each with its own account. */
export const batchPart: Part = {
  name: "batch",
  says: `${BATCH_SIZE} consumes in each tRPC batch, 10,000 callers, compared with pgbench`,
  run: async (bench) => {
    if (!(await bench.databases.has("postgresql"))) return;
    const work = batches(await logIn(bench), "10,000 accounts");
    const { what, spread } = work;
    const servers = await startServers(bench, "postgresql");
    await servers.warmUp(work);
    const comparison = new Comparison(bench, "batch");
    const pgbench = await addPgbench(bench, comparison, spread);
    const row = comparison.add({
      ...{ what, spread, subject: servers.name, atOnce: CONNECTIONS, comparedWith: pgbenchColumns(pgbench) },
      run: () => servers.load({ work, connections: CONNECTIONS, seconds: bench.options.seconds }),
    });
    const says = `${BATCH_SIZE} consumes a request, ${CONNECTIONS} connections: consumes per second`;
    comparison.expectRate(row, pgbench, { says, baseline: "pgbench at its best, 10,000 accounts", limit: 1.5 });
    await comparison.measure();
    await servers.stop();
  },
};

const LOGINS_PER_SECOND = 200;
/** Logged in, and OVERLOADED: the queue of passwords to check is bounded. */
const loginStatuses = [200, 503];

/** Consumes while the same process checks passwords, compared with consumes alone. */
export const loginsPart: Part = {
  name: "logins",
  says: `consume while ${LOGINS_PER_SECOND} logins a second arrive, compared with no logins`,
  run: async (bench) => {
    const { report, options, databases } = bench;
    if (!(await databases.has("postgresql"))) return;
    const work = consumes(await logIn(bench), "one account");
    const servers = await startServers(bench, "postgresql");
    await servers.warmUp(work);
    const load = () => servers.load({ work, connections: CONNECTIONS, seconds: options.seconds });
    const loadWithLogins = async () => {
      const target = { url: servers.urls[0] as string, perSecond: LOGINS_PER_SECOND };
      const { result, sent, statuses } = await withLogins(target, load);
      const [loggedIn, refused] = loginStatuses.map((status) => statuses.get(status) ?? 0);
      report.remark(`logins: ${sent} sent, ${loggedIn} logged in, ${refused} answered 503 OVERLOADED`);
      for (const [status, times] of statuses) {
        if (!loginStatuses.includes(status)) report.finding(`logins: ${times} answers with ${status}`);
      }
      return result;
    };
    const comparison = new Comparison(bench, "logins");
    const row = { what: work.what, spread: work.spread, atOnce: CONNECTIONS };
    const without = comparison.add({ ...row, subject: "no logins", run: load });
    const subject = `${LOGINS_PER_SECOND} logins a second`;
    const withThem = comparison.add({ ...row, subject, run: loadWithLogins });
    const says = `${subject}, ${CONNECTIONS} connections: p99 of a consume`;
    const expected = { says, baseline: "its p99 without logins", must: "under", limit: 2 } as const;
    comparison.expectLatency([withThem, "p99Ms"], [without, "p99Ms"], expected);
    await comparison.measure();
    await servers.stop();
  },
};

const PROCESSES = [1, 2, 4];
/** To all processes together. */
const ALL_CONNECTIONS = 256;

/** Several server processes on one PostgreSQL, compared with one. */
export const processesPart: Part = {
  name: "processes",
  says: "two and four server processes on one PostgreSQL, compared with one",
  run: async (bench) => {
    if (!(await bench.databases.has("postgresql"))) return;
    const tokens = await logIn(bench);
    const servers = await startServers(bench, "postgresql", Math.max(...PROCESSES));
    const comparison = new Comparison(bench, "processes");
    for (const spread of spreads) {
      const work = consumes(tokens, spread);
      const one: Row[] = [];
      for (const processes of PROCESSES) {
        const subject = processes === 1 ? "one process" : `${processes} processes`;
        const row = comparison.add({
          ...{ what: work.what, spread, subject, atOnce: ALL_CONNECTIONS },
          comparedWith: processes === 1 ? {} : { "one process": one },
          // Any user may come to any process.
          run: async () => {
            const plan = { work, connections: ALL_CONNECTIONS / processes, seconds: bench.options.seconds };
            const urls = servers.urls.slice(0, processes);
            const loads = await Promise.all(urls.map((url) => servers.load({ ...plan, url })));
            return {
              ratePerSecond: loads.reduce((sum, { ratePerSecond }) => sum + ratePerSecond, 0),
              p50Ms: Math.max(...loads.map(({ p50Ms }) => p50Ms)),
              p95Ms: Math.max(...loads.map(({ p95Ms }) => p95Ms)),
              p99Ms: Math.max(...loads.map(({ p99Ms }) => p99Ms)),
            };
          },
        });
        const says = `${subject}, ${spread}: consumes per second`;
        if (processes === 1) one.push(row);
        else comparison.expectRate(row, one, { says, baseline: "one process, as many connections", limit: 1 });
      }
      for (const url of servers.urls) await servers.load({ url, work, connections: 64, seconds: 1 });
    }
    await comparison.measure();
    await servers.stop();
  },
};
