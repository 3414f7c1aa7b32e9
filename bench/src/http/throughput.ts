import type { BareAnswer } from "../baselines/bare-server.ts";
import { addPgbench, pgbenchColumns } from "../baselines/pgbench.ts";
import type { Bench, Part } from "../bench.ts";
import { Comparison, type Row } from "../comparison.ts";
import { applyLoad } from "../load/http-load.ts";
import { balances, consumes, type Tokens, type Work } from "../load/requests.ts";
import { logIn, startProcess, startServers } from "./servers.ts";

const CONNECTIONS = [1, 64, 256];
/** The number of connections of the targets. */
const FULL = 256;
const BARE = "bare node:http";

/** `POST /credits/consume`, compared with a bare server and pgbench. */
export const consumePart = (name: string, spread: Work["spread"]): Part => ({
  name,
  says: `POST /credits/consume, ${spread}, compared with a ${BARE} server and pgbench`,
  run: (bench) => measureThroughput(bench, name, (tokens) => consumes(tokens, spread)),
});

/** `GET /credits/balance`, compared with a bare server. */
export const balancePart: Part = {
  name: "balance",
  says: `GET /credits/balance, one account, compared with a ${BARE} server`,
  run: (bench) => measureThroughput(bench, "balance", balances),
};

async function measureThroughput(bench: Bench, part: string, workOf: (tokens: Tokens) => Work): Promise<void> {
  const work = workOf(await logIn(bench));
  const { what, spread, consumesEach } = work;
  const hasPostgresql = await bench.databases.has("postgresql");
  const sqlite = await startServers(bench, "sqlite");
  const subjects = hasPostgresql ? [sqlite, await startServers(bench, "postgresql")] : [sqlite];
  const bare = await startBareServer(sqlite.urls[0] as string, work);
  sqlite.tally.confirmed += consumesEach;
  for (const subject of subjects) await subject.warmUp(work);

  const comparison = new Comparison(bench, part);
  const pgbench = hasPostgresql && consumesEach > 0 ? await addPgbench(bench, comparison, spread) : [];
  for (const connections of CONNECTIONS) {
    const row = { what, spread, atOnce: connections };
    const plan = { work, connections, seconds: bench.options.seconds };
    const run = () => applyLoad({ url: bare.url, ...plan });
    const bareRows = [comparison.add({ ...row, subject: BARE, run })];
    const comparedWith = { bare: bareRows, ...pgbenchColumns(pgbench) };
    for (const { name, load } of subjects) {
      const measured = comparison.add({ ...row, subject: name, comparedWith, run: () => load(plan) });
      const hasPgbenchTarget = spread === "one account" && name.includes("PostgreSQL");
      if (connections === FULL && consumesEach > 0) {
        expectAll(comparison, measured, { bare: bareRows, pgbench: hasPgbenchTarget ? pgbench.slice(-1) : undefined });
      }
    }
  }
  await comparison.measure();
  for (const server of [bare, ...subjects]) await server.stop();
}

type Baselines = { readonly bare: readonly Row[]; readonly pgbench: readonly Row[] | undefined };

function expectAll(comparison: Comparison, row: Row, { bare, pgbench }: Baselines): void {
  const says = `${row.subject}, ${FULL} connections`;
  const ofBare = {
    says: `${says}: requests per second`,
    baseline: `a ${BARE} server with the same answers`,
    limit: 0.5,
  };
  comparison.expectRate(row, bare, ofBare);
  const tail = { says: `${says}: p99`, baseline: "its own p50", must: "under", limit: 3 } as const;
  comparison.expectLatency([row, "p99Ms"], [row, "p50Ms"], tail);
  const ofPgbench = { says: `${says}: consumes per second`, baseline: "pgbench with 64 clients", limit: 3 };
  if (pgbench) comparison.expectRate(row, pgbench, ofPgbench);
}

/** Node writes these headers by itself. */
const ownHeaders = new Set(["date", "connection", "keep-alive", "transfer-encoding"]);

/** Sends one request to a real server, then starts a bare `node:http` server that answers with the same bytes. */
async function startBareServer(realUrl: string, { requests: [request] }: Work): ReturnType<typeof startProcess> {
  if (!request) throw new Error("there is no request to send");
  const { method, path, headers, body } = request;
  const response = await fetch(`${realUrl}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
  if (response.status !== 200) throw new Error(`${method} ${path} answered ${response.status}`);
  const kept = [...response.headers].filter(([name]) => !ownHeaders.has(name));
  const answer: BareAnswer = { headers: Object.fromEntries(kept), body: await response.text() };
  return startProcess(new URL("../baselines/bare-server.ts", import.meta.url), { ANSWER: JSON.stringify(answer) });
}
