import { openSqliteTransaction } from "../baselines/sqlite-transaction.ts";
import type { Part } from "../run.ts";
import { scratchFile } from "../scratch.ts";
import { measureBeside } from "./baseline-comparison.ts";
import type { EngineStage } from "./fixture.ts";

/** Consumes on SQLite that wait together, beside a transaction for each on the same disk. */
export const sqlitePart: Part<EngineStage> = {
  name: "sqlite",
  says: "consuming in this process on SQLite, beside one transaction for each consume",
  run: async (stage) => {
    const beside = scratchFile();
    const engine = await stage.sqlite.open();
    const entry = openSqliteTransaction(beside);
    const baseline = {
      ...{ subject: "a transaction for each", says: "a transaction for each", ratio: "a transaction for each" },
      ...{ clients: [1], run: entry.run },
    };
    await measureBeside(stage, { part: "sqlite", database: "SQLite" }, { engine, baseline });
    await engine.close();
    for (const finding of await entry.close()) stage.report.finding(finding);
    await beside.drop();
  },
};
