import { addPgbench, pgbenchColumns } from "../baselines/pgbench.ts";
import { openPrisma } from "../baselines/prisma.ts";
import type { Bench, Part } from "../bench.ts";
import { Comparison, type Row } from "../comparison.ts";
import { number, type Spread } from "../workload.ts";
import { CALLERS, engineStretch, MANY, openSharedEngine } from "./engine.ts";

/** As many as Prisma gets. */
const SOME = 64;

/** The multiple of pgbench's best that is the target. */
const pgbenchTarget: Readonly<Record<Spread, number>> = { "one account": 5, "10,000 accounts": 3 };

/** Concurrent consumes in this process, compared with pgbench and Prisma on the same PostgreSQL. */
export const consumePart = (name: string, spread: Spread): Part => ({
  name,
  says: `consume in this process, ${spread}, compared with pgbench and Prisma's interactive transaction`,
  run: async (bench) => {
    const comparison = new Comparison(bench, name);
    const hasPostgresql = await bench.databases.has("postgresql");
    const pgbench = hasPostgresql ? await addPgbench(bench, comparison, spread) : [];
    const prisma = hasPostgresql ? [await addPrisma(bench, comparison, spread)] : [];
    const comparedWith = { ...pgbenchColumns(pgbench), ...(hasPostgresql ? { "Prisma 64": prisma } : {}) };
    const engines = [await openSharedEngine(bench, "sqlite")];
    if (hasPostgresql) engines.push(await openSharedEngine(bench, "postgresql"));
    const rows = new Map<number, Row>();
    for (const engine of engines) {
      await engine.consume({ spread, callers: SOME, seconds: 1 });
      for (const callers of CALLERS) {
        // Those of the last engine, which is PostgreSQL if there is one, have the targets.
        rows.set(callers, comparison.add({ ...engineStretch(bench, engine, { spread, callers }), comparedWith }));
      }
    }
    const [some, many, postgresql] = [rows.get(SOME), rows.get(MANY), engines[1]];
    if (postgresql && some && many) {
      const says = (callers: number) => `${number(callers)} callers, ${spread}: consumes per second`;
      const ofPgbench = { says: says(MANY), baseline: "pgbench at its best", limit: pgbenchTarget[spread] };
      comparison.expectRate(many, pgbench, ofPgbench);
      const ofPrisma = { says: says(SOME), baseline: `Prisma's $transaction, ${SOME} callers`, limit: 15 };
      comparison.expectRate(some, prisma, ofPrisma);
      if (spread === "one account") {
        const even = engineStretch(bench, postgresql, { spread: "10,000 accounts", callers: MANY });
        const ofSpread = { says: says(MANY), baseline: "the same over 10,000 accounts", limit: 0.8 };
        comparison.expectRate(many, [comparison.add(even)], ofSpread);
      }
    }
    await comparison.measure();
    for (const engine of engines) await engine.close();
  },
});

async function addPrisma(bench: Bench, comparison: Comparison, spread: Spread): Promise<Row> {
  const prisma = await bench.once("prisma", async () => openPrisma((await bench.databases.create("postgresql")).url));
  return comparison.add({
    ...{ what: "consume", spread, subject: "Prisma, interactive transaction", atOnce: SOME },
    run: () => prisma({ spread, callers: SOME, seconds: bench.options.seconds }),
  });
}
