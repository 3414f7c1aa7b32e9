import { onPostgresql } from "@jifen/testkit/processes";
import { createAccounts } from "../accounts.ts";
import type { Bench, Part } from "../bench.ts";
import { Comparison } from "../comparison.ts";
import { number, spreads, USERS } from "../workload.ts";
import { type Engine, engineStretch, MANY, openEngine } from "./engine.ts";
import { writeHistory } from "./history.ts";

const PER_ACCOUNT = 500;
const full = `${number(PER_ACCOUNT * USERS)} transactions`;

/** A long history, compared with none. */
export const bigPart: Part = {
  name: "big",
  says: `consume with ${full} in the table, compared with none`,
  isExtra: true,
  run: async (bench) => {
    if (!(await bench.databases.has("postgresql"))) return;
    const empty = await createAccounts(bench, "postgresql", "an empty history");
    const filled = await createAccounts(bench, "postgresql", full);
    const tookSeconds = await onPostgresql(filled.url, (client) => writeHistory(client, PER_ACCOUNT));
    bench.report.remark(`big: writing ${full} by SQL took ${tookSeconds.toFixed(0)} seconds`);
    filled.tally.confirmed += PER_ACCOUNT * USERS;
    const [candidate, baseline] = [await openEngine(filled), await openEngine(empty)];
    await compareEngines(bench, { part: "big", limit: 0.9, candidate, baseline });
  },
};

type Variants = { part: string; limit: number; candidate: Engine; baseline: Engine };

/** Compares two engines, hot and spread, then closes both. */
async function compareEngines(bench: Bench, { part, limit, candidate, baseline }: Variants): Promise<void> {
  const comparison = new Comparison(bench, part);
  for (const spread of spreads) {
    const load = { spread, callers: MANY };
    for (const engine of [baseline, candidate]) await engine.consume({ ...load, seconds: 1 });
    const ofBaseline = [comparison.add(engineStretch(bench, baseline, load))];
    const comparedWith = { [baseline.name]: ofBaseline };
    const row = comparison.add({ ...engineStretch(bench, candidate, load), comparedWith });
    const says = `${candidate.name}, ${spread}, ${number(MANY)} callers: consumes per second`;
    comparison.expectRate(row, ofBaseline, { says, baseline: baseline.name, limit });
  }
  await comparison.measure();
  for (const engine of [baseline, candidate]) await engine.close();
}
