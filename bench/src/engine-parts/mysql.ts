import { randomBytes } from "node:crypto";
import { openMysqlProcedure, procedureClients } from "../baselines/mysql-procedure.ts";
import type { Part } from "../run.ts";
import { onMysql, scratchMysql } from "../scratch.ts";
import { measureBeside } from "./baseline-comparison.ts";
import { createEngineSite } from "./engine.ts";
import type { EngineStage } from "./fixture.ts";

/** The same variable as the tests have. */
const serverUrl = process.env["TEST_MYSQL_URL"] || "mysql://root@127.0.0.1:3306/";

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

async function measureMysql(stage: EngineStage, version: string): Promise<void> {
  const { report } = stage;
  const name = `jifen_bench_${randomBytes(4).toString("hex")}`;
  const scratch = await scratchMysql(serverUrl, `${name}_1`);
  const beside = await scratchMysql(serverUrl, `${name}_2`);
  try {
    report.progress(`MySQL ${version}: making ten thousand accounts`);
    const engine = await (await createEngineSite(scratch, report)).open();
    const procedure = await openMysqlProcedure(beside);
    const baseline = {
      ...{ subject: "stored procedure", says: "a stored procedure at its best", ratio: "procedure best" },
      ...{ clients: procedureClients, run: procedure.run },
    };
    await measureBeside(stage, { part: "mysql", database: "MySQL" }, { engine, baseline });
    await engine.close();
    for (const finding of await procedure.audit()) report.finding(finding);
  } finally {
    await scratch.drop();
    await beside.drop();
  }
}
