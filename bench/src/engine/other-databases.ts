import { type Baseline, openMongodbBaseline, openMysqlBaseline, openSqliteBaseline } from "../baselines/drivers.ts";
import type { Part } from "../bench.ts";
import { Comparison } from "../comparison.ts";
import type { Kind } from "../databases.ts";
import { runCallers } from "../load/callers.ts";
import { number, randomAccount, spreads } from "../workload.ts";
import { CALLERS, engineStretch, MANY, openSharedEngine } from "./engine.ts";

/** Concurrent consumes in this process, compared with one transaction for each consume on the same database. */
const createPart = (kind: Kind, database: string, open: (url: string) => Promise<Baseline>): Part => ({
  name: kind,
  says: `consume in this process on ${database}, compared with one transaction for each consume`,
  run: async (bench) => {
    if (!(await bench.databases.has(kind))) return;
    const engine = await openSharedEngine(bench, kind);
    const baseline = await open((await bench.databases.create(kind)).url);
    const { name, clients, consume } = baseline;
    const { seconds } = bench.options;
    for (const spread of spreads) {
      await engine.consume({ spread, callers: 64, seconds: 1 });
      const comparison = new Comparison(bench, kind);
      const baselines = clients.map((callers) => {
        const send = () => consume(randomAccount(spread)).then(() => "done" as const);
        const run = () => runCallers({ callers, seconds }, send);
        return comparison.add({ what: "consume", spread, subject: name, atOnce: callers, run });
      });
      for (const callers of CALLERS) {
        const stretch = engineStretch(bench, engine, { spread, callers });
        const row = comparison.add({ ...stretch, comparedWith: { [name]: baselines } });
        if (callers !== MANY) continue;
        const says = `${database}, ${number(MANY)} callers, ${spread}: consumes per second`;
        comparison.expectRate(row, baselines, { says, baseline: `${name} at its best`, limit: 3 });
      }
      await comparison.measure();
    }
    await engine.close();
    await baseline.close();
  },
});

/** The databases besides PostgreSQL. */
export const otherDatabases: readonly Part[] = [
  createPart("sqlite", "SQLite", openSqliteBaseline),
  createPart("mysql", "MySQL or MariaDB", openMysqlBaseline),
  createPart("mongodb", "MongoDB", openMongodbBaseline),
];
