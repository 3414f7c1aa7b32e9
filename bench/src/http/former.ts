import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type * as accounts from "../accounts.ts";
import type { Bench, Part } from "../bench.ts";
import { Comparison, type Row } from "../comparison.ts";
import { applyLoad } from "../load/http-load.ts";
import { insertUsers } from "../load/logins.ts";
import { consumes, type Work } from "../load/requests.ts";
import { insertRows, logIn, type Servers, startFormerApi, startServers } from "./servers.ts";

const CONNECTIONS = 256;
const FORMER = "the former version";

/** Consumes of this version, compared with a former version that runs at the same time on a database of its own. */
export const formerPart: Part = {
  name: "former",
  says: `POST /credits/consume, compared with ${FORMER} in the folder that --against names`,
  isExtra: true,
  run: async (bench) => {
    const { against } = bench.options;
    if (against === undefined) throw new RangeError("--against must name the folder of a built checkout");
    const tokens = await logIn(bench);
    const comparison = new Comparison(bench, "former");
    const stops: (() => Promise<void>)[] = [];
    for (const kind of ["sqlite", "postgresql"] as const) {
      if (!(await bench.databases.has(kind))) continue;
      const servers = await startServers(bench, kind);
      const former = await startFormer(bench, resolve(against), kind);
      stops.push(servers.stop, former.stop);
      for (const spread of ["one account", "10,000 accounts"] as const) {
        await addRows({ bench, comparison, servers, former }, consumes(tokens, spread));
      }
    }
    await comparison.measure();
    for (const stop of stops) await stop();
  },
};

type Former = Pick<Servers, "load" | "stop">;
type Subjects = {
  readonly bench: Bench;
  readonly comparison: Comparison;
  readonly servers: Servers;
  readonly former: Former;
};

async function addRows({ bench, comparison, servers, former }: Subjects, work: Work): Promise<void> {
  const plan = { work, connections: CONNECTIONS, seconds: bench.options.seconds };
  const row = { what: work.what, spread: work.spread, atOnce: CONNECTIONS };
  for (const each of [former, servers]) await each.load({ ...plan, seconds: 2 });
  const subject = `${servers.name}, ${FORMER}`;
  const formerRows: Row[] = [comparison.add({ ...row, subject, run: () => former.load(plan) })];
  const comparedWith = { former: formerRows };
  const measured = comparison.add({ ...row, subject: servers.name, comparedWith, run: () => servers.load(plan) });
  const says = `${servers.name}, ${work.spread}: consumes per second`;
  comparison.expectRate(measured, formerRows, { says, baseline: FORMER, limit: 0.97 });
}

/** Starts the former version on a database that its own code has filled and checks at the end. */
async function startFormer(bench: Bench, folder: string, kind: "sqlite" | "postgresql"): Promise<Former> {
  const { createAccounts }: typeof accounts = await import(pathToFileURL(join(folder, "bench/src/accounts.ts")).href);
  const { url, tally } = await createAccounts(bench, kind, FORMER);
  await insertRows(kind, url, insertUsers);
  const server = await startFormerApi(folder, url);
  const load: Former["load"] = async (plan) => {
    const result = await applyLoad({ url: server.url, ...plan });
    tally.confirmed += result.confirmed;
    tally.unanswered += result.unanswered;
    return result;
  };
  return { load, stop: server.stop };
}
