/** Measures the ledger in this process, without HTTP, beside named baselines, and checks its books afterwards. */
import { bigPart } from "./engine-parts/big.ts";
import { consumePart } from "./engine-parts/consume.ts";
import { prepareStage } from "./engine-parts/fixture.ts";
import { mongodbPart } from "./engine-parts/mongodb.ts";
import { mysqlPart } from "./engine-parts/mysql.ts";
import { overloadPart } from "./engine-parts/overload.ts";
import { sqlitePart } from "./engine-parts/sqlite.ts";
import { runCommand } from "./run.ts";

await runCommand({
  name: "bench:engine",
  parts: [
    consumePart("hot", "one account"),
    consumePart("spread", "10,000 accounts"),
    sqlitePart,
    mysqlPart,
    mongodbPart,
    overloadPart,
    bigPart,
  ],
  prepare: prepareStage,
});
