import { createHash } from "node:crypto";
import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import type pg from "pg";
import { afterConnectionLoss, connectionLoss } from "../../../errors/failure.ts";
import { retryingDeadlocks } from "../../../errors/retry.ts";
import type { LogBackend, LogTransaction } from "../../../logs/log-backend.ts";
import { toCallLog } from "../../../logs/log-columns.ts";
import { findLog, type LogDialect, type ReadLogRows, scanLogs } from "../../../logs/log-reads.ts";
import { readLogSums } from "../../../logs/log-sum-reads.ts";
import { provesNoEffect, unanswered } from "../attempt.ts";
import { BEGIN } from "../ledger-rows.ts";
import type { Pool } from "../pool.ts";
import { numbered } from "../snapshot.ts";
import { untilReplicated } from "../unreplicated-commit.ts";
import { createLogMonths } from "./log-months.ts";
import { addTotalSums, addUserSums, claimKeys, insertLogs, keysWithLogs } from "./log-statements.ts";
import { unitDialect } from "./unit-dialect.ts";

/** How many rows a page looks at when no index finds what is asked for. */
const MAX_SCANNED = 10_000;

/** Logs on PostgreSQL. @param pools connections of their own: logs do not wait for credits, nor credits for logs */
export function createPostgresqlLogBackend(pools: { readonly writes: Pool; readonly reads: Pool }): LogBackend {
  const read = reading(pools.reads);
  const months = createLogMonths(pools.reads);
  const dialect: LogDialect = {
    read,
    contains: (column) => `position(? in ${column}) > 0`,
    failed: "NOT success",
    maxScanned: MAX_SCANNED,
  };
  return {
    transaction: (work) => retryingDeadlocks(() => transact(pools.writes, work)),
    findByKeys: async (keys) => {
      const { name, text, values } = keysWithLogs(keys);
      const { rows } = await pools.reads
        .query({ name, text, values: [...values] })
        .catch(afterConnectionLoss("nothing written"));
      return rows.map((row) => ({ ...toCallLog(row), idempotencyKey: String(row["idempotency_key"]) }));
    },
    find: (id, userId) => findLog(read, id, userId),
    scan: (filter, limit) => scanLogs(dialect, filter, limit),
    sums: (query) => readLogSums({ read, ...unitDialect }, query),
    hasPlaceFor: months.has,
    makePlacesFor: months.make,
  };
}

/** Reads with statements that each connection prepares once. */
function reading(pool: Pool): ReadLogRows {
  const names = new Map<string, { readonly name: string; readonly text: string }>();
  return async (sql, values) => {
    const known = names.get(sql);
    const hash = () => createHash("sha256").update(sql).digest("hex").slice(0, 16);
    const statement = known ?? { name: `logs-${hash()}`, text: numbered(sql) };
    if (!known) names.set(sql, statement);
    const result = await pool
      .query({ ...statement, values: [...values] })
      .catch(afterConnectionLoss("nothing written"));
    return result.rows;
  };
}

/** Runs `work` in a transaction. The sums come last and are sent together with COMMIT. */
async function transact<Result>(pool: Pool, work: (tx: LogTransaction) => Promise<Result>): Promise<Result> {
  const client = await pool.connect().catch(afterConnectionLoss("nothing written"));
  let failure: unknown;
  try {
    const begun = client.query(BEGIN);
    const transaction = transactionOn(client);
    const result = await Promise.all([begun, work(transaction)]).then(([, value]) => value);
    // What is stored already may be on this server alone.
    if (!transaction.hasWritten()) await untilReplicated(client).catch(unproven);
    await client.query("COMMIT").catch((error: unknown) => {
      throw provesNoEffect(error) ? error : unanswered(error);
    });
    return result;
  } catch (error) {
    failure = error;
    if (error instanceof OutcomeUnknown) throw error;
    const loss = isWithoutPartition(error) ? "without effect" : connectionLoss(error);
    if (loss !== "broken") {
      await client.query("ROLLBACK").then(
        () => {
          failure = undefined;
        },
        () => undefined,
      );
    }
    if (loss !== undefined) throw new DatabaseUnavailable("nothing was committed", { cause: error });
    throw error;
  } finally {
    // A client that failed and could not roll back must not return to the pool.
    client.release(failure as Error | undefined);
  }
}

/** SQLSTATE and the routine of PostgreSQL that finds the partition of a row: there is none, also for the present month. */
const isWithoutPartition = (error: unknown): boolean =>
  (error as { code?: unknown }).code === "23514" && (error as { routine?: unknown }).routine === "ExecFindPartition";

/** The logs that were found may exist only on this server, whose wait for the standby was cancelled. */
function unproven(cause: unknown): never {
  throw new OutcomeUnknown("the stored logs are not known to be on the standby", { cause });
}

const transactionOn = (client: pg.PoolClient): LogTransaction & { hasWritten(): boolean } => {
  let hasWritten = false;
  const idsFrom = async (query: pg.QueryConfig): Promise<ReadonlySet<string>> =>
    new Set((await client.query<{ id: string }>(query)).rows.map(({ id }) => id));
  return {
    claimKeys: (keys) => idsFrom(claimKeys(keys)),
    insertLogs: async (logs) => {
      const ids = await idsFrom(insertLogs(logs));
      hasWritten ||= ids.size > 0;
      return ids;
    },
    hasWritten: () => hasWritten,
    addSums: async ({ ofUsers, ofAll }) => {
      await Promise.all([client.query(addUserSums(ofUsers)), client.query(addTotalSums(ofAll))]);
    },
  };
};
