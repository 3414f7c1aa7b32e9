import type { Bench } from "../run.ts";
import type { Spread } from "../workload.ts";

/** How many clients it is measured with: a hot row is at its best with few, many rows with many. */
const CLIENTS = [1, 2, 8, 32, 64];

/** What it is beside. */
type Beside = { readonly part: string; readonly spread: Spread; readonly round: number };

/** The rates that a table sets others in relation to. */
type PgbenchRates = { readonly "pgbench 64": number; readonly "pgbench best": number };

/** pgbench with each client count, in every round; nothing where there is none. */
export async function measurePgbench(bench: Bench, beside: Beside): Promise<PgbenchRates | Record<string, never>> {
  const { options, report, databases } = bench;
  const pgbench = databases.postgresql?.pgbench;
  if (!pgbench) return {};
  const rates = new Map<number, number>();
  for (const clients of CLIENTS) {
    const speed = await pgbench.run({ spread: beside.spread, clients, seconds: options.seconds });
    report.measured({ ...beside, what: "one statement", subject: "pgbench", atOnce: clients }, speed);
    rates.set(clients, speed.ratePerSecond);
  }
  return { "pgbench 64": rates.get(64) ?? Number.NaN, "pgbench best": Math.max(...rates.values()) };
}
