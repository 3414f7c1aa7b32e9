import type { Part } from "../bench.ts";
import { Comparison } from "../comparison.ts";
import { logIn, startServers } from "../http/servers.ts";
import { balances, quotes } from "../load/requests.ts";

const CONNECTIONS = 64;
const PER_SECOND = 2_000;

/** Quotes, compared with reading a balance. */
export const quotesPart: Part = {
  name: "quotes",
  says: "POST /credits/quotes, compared with GET /credits/balance",
  run: async (bench) => {
    const kind = (await bench.databases.has("postgresql")) ? "postgresql" : "sqlite";
    const tokens = await logIn(bench);
    const servers = await startServers(bench, kind);
    const [read, quoted] = [balances(tokens), quotes(tokens)];
    await servers.warmUp(read);
    await servers.warmUp(quoted);
    const comparison = new Comparison(bench, "quotes");
    const row = { spread: read.spread, subject: servers.name, atOnce: CONNECTIONS };
    const plan = { connections: CONNECTIONS, seconds: bench.options.seconds };
    const ofBalances = comparison.add({ ...row, what: read.what, run: () => servers.load({ ...plan, work: read }) });
    const ofQuotes = comparison.add({
      ...{ ...row, what: quoted.what, comparedWith: { "reading a balance": [ofBalances] } },
      run: () => servers.load({ ...plan, work: quoted }),
    });
    await comparison.measure();
    bench.report.targets.push({
      ...{ part: "quotes", says: `${quoted.what}, ${CONNECTIONS} connections`, baseline: "" },
      target: { must: "at least", limit: PER_SECOND, unit: "per second" },
      ratios: ofQuotes.rounds.map(({ ratePerSecond }) => ratePerSecond),
    });
    await servers.stop();
  },
};
