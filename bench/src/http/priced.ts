import type { Part } from "../bench.ts";
import { Comparison } from "../comparison.ts";
import { consumes, pricedConsumes } from "../load/requests.ts";
import { logIn, startServers } from "./servers.ts";

const CONNECTIONS = 64;

/** Consumes that the catalogue prices, compared with consumes that name the same amount. */
export const pricedPart: Part = {
  name: "priced",
  says: "consumes priced by the catalogue, compared with consumes that name the amount",
  run: async (bench) => {
    const kind = (await bench.databases.has("postgresql")) ? "postgresql" : "sqlite";
    const tokens = await logIn(bench);
    const servers = await startServers(bench, kind);
    const [named, priced] = [consumes(tokens, "10,000 accounts"), pricedConsumes(tokens, "10,000 accounts")];
    await servers.warmUp(named);
    await servers.warmUp(priced);
    const comparison = new Comparison(bench, "priced");
    const row = { spread: named.spread, subject: servers.name, atOnce: CONNECTIONS };
    const plan = { connections: CONNECTIONS, seconds: bench.options.seconds };
    const ofNamed = [comparison.add({ ...row, what: named.what, run: () => servers.load({ ...plan, work: named }) })];
    const ofPriced = comparison.add({
      ...{ ...row, what: priced.what, comparedWith: { "with amount": ofNamed } },
      run: () => servers.load({ ...plan, work: priced }),
    });
    const says = `${priced.what}, ${CONNECTIONS} connections: consumes per second`;
    comparison.expectRate(ofPriced, ofNamed, { says, baseline: "consumes that name the amount", limit: 0.85 });
    await comparison.measure();
    await servers.stop();
  },
};
