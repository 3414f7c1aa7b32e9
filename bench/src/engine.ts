/** Measures the ledger in this process, without HTTP, against named baselines, and checks the databases afterwards. */
import { runCommand } from "./bench.ts";
import { citusPart } from "./engine/citus.ts";
import { otherDatabases } from "./engine/other-databases.ts";
import { overloadPart } from "./engine/overload.ts";
import { consumePart } from "./engine/postgresql.ts";
import { bigPart } from "./engine/variants.ts";

const [hot, spread] = [consumePart("hot", "one account"), consumePart("spread", "10,000 accounts")];
await runCommand("bench:engine", [hot, spread, ...otherDatabases, citusPart, overloadPart, bigPart]);
