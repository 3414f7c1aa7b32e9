import { openSqliteTransaction } from "../baselines/sqlite-transaction.ts";
import { type Part, roundsOf } from "../run.ts";
import { scratchFile } from "../scratch.ts";
import { spreads } from "../workload.ts";
import type { EngineStage } from "./stage.ts";

const CALLERS = [1, 64, 256, 1_024];
const MANY = 1_024;

/** Consumes on SQLite that wait together, beside a transaction for each on the same disk. */
export const sqlitePart: Part<EngineStage> = {
  name: "sqlite",
  says: "consuming in this process on SQLite, beside one transaction for each consume",
  run: async ({ sqlite, report, options }) => {
    const beside = scratchFile();
    const engine = await sqlite.open();
    const transaction = openSqliteTransaction(beside);
    for (const spread of spreads) {
      await engine.consume({ spread, callers: 64, seconds: 1 });
      const claim = report.claim({
        ...{ part: "sqlite", says: `SQLite, ${MANY.toLocaleString("en")} callers, ${spread}: consumes per second` },
        ...{ baseline: "a transaction for each", target: { must: "at least", limit: 3 } },
      });
      for (const round of roundsOf(options)) {
        const about = { part: "sqlite", what: "consume", spread, round } as const;
        const one = await transaction.run({ spread, seconds: options.seconds });
        report.measured({ ...about, subject: "a transaction for each", atOnce: 1 }, one);
        for (const callers of CALLERS) {
          const work = await engine.consume({ spread, callers, seconds: options.seconds });
          if (work.refused > 0) report.finding(`${engine.name}: ${work.refused} refused, with ${callers} callers`);
          const ratio = work.ratePerSecond / one.ratePerSecond;
          report.measured({ ...about, subject: engine.name, atOnce: callers }, work, {
            "a transaction for each": ratio,
          });
          if (callers === MANY) claim.ratios.push(ratio);
        }
      }
    }
    await engine.close();
    for (const finding of await transaction.close()) report.finding(finding);
    await beside.drop();
  },
};
