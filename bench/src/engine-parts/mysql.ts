import { randomBytes } from "node:crypto";
import { openMysqlProcedure, procedureClients } from "../baselines/mysql-procedure.ts";
import { type Part, roundsOf } from "../run.ts";
import { onMysql, scratchMysql } from "../scratch.ts";
import { spreads } from "../workload.ts";
import { createEngineSite } from "./engine.ts";
import type { EngineStage } from "./stage.ts";

/** The same variable as the tests have. */
const serverUrl = process.env["TEST_MYSQL_URL"] || "mysql://root@127.0.0.1:3306/";

const CALLERS = [1, 64, 256, 1_024];
const MANY = 1_024;

/** Consumes on MySQL or MariaDB that wait together, beside a stored procedure that is called for each. */
export const mysqlPart: Part<EngineStage> = {
  name: "mysql",
  says: "consuming in this process on MySQL or MariaDB, beside one call of a stored procedure for each consume",
  run: async (stage) => {
    const version = await versionOf().catch((error: Error) => {
      stage.report.progress(`no MySQL is measured (set TEST_MYSQL_URL): ${error.message}`);
      return undefined;
    });
    if (version !== undefined) await measureMysql(stage, version);
  },
};

const versionOf = (): Promise<string> =>
  onMysql(serverUrl, async (connection) => {
    const [row] = await connection.query<[{ version: string }]>("SELECT VERSION() AS version");
    return row.version;
  });

async function measureMysql({ report, options }: EngineStage, version: string): Promise<void> {
  const name = `jifen_bench_${randomBytes(4).toString("hex")}`;
  const scratch = await scratchMysql(serverUrl, `${name}_1`);
  const beside = await scratchMysql(serverUrl, `${name}_2`);
  try {
    report.progress(`MySQL ${version}: making ten thousand accounts`);
    const engine = await (await createEngineSite(scratch, report)).open();
    const procedure = await openMysqlProcedure(beside);
    for (const spread of spreads) {
      await engine.consume({ spread, callers: 64, seconds: 1 });
      const claim = report.claim({
        ...{ part: "mysql", says: `MySQL, ${MANY.toLocaleString("en")} callers, ${spread}: consumes per second` },
        ...{ baseline: "a stored procedure at its best", target: { must: "at least", limit: 3 } },
      });
      for (const round of roundsOf(options)) {
        const about = { part: "mysql", what: "consume", spread, round } as const;
        let best = 0;
        for (const clients of procedureClients) {
          const speed = await procedure.run({ spread, clients, seconds: options.seconds });
          report.measured({ ...about, subject: "stored procedure", atOnce: clients }, speed);
          best = Math.max(best, speed.ratePerSecond);
        }
        for (const callers of CALLERS) {
          const work = await engine.consume({ spread, callers, seconds: options.seconds });
          if (work.refused > 0) report.finding(`${engine.name}: ${work.refused} refused, with ${callers} callers`);
          const ratio = work.ratePerSecond / best;
          report.measured({ ...about, subject: engine.name, atOnce: callers }, work, { "procedure best": ratio });
          if (callers === MANY) claim.ratios.push(ratio);
        }
      }
    }
    await engine.close();
    for (const finding of await procedure.audit()) report.finding(finding);
  } finally {
    await scratch.drop();
    await beside.drop();
  }
}
