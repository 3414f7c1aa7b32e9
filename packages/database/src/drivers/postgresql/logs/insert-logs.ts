import { OutcomeUnknown } from "@jifen/ledger";
import type pg from "pg";
import { afterConnectionLoss, connectionLoss } from "../../../errors/failure.ts";
import { retryingDeadlocks } from "../../../errors/retry.ts";
import { insertInSteps } from "../../../logs/insert-in-steps.ts";
import type { LogBackend, LogTransaction } from "../../../logs/log-backend.ts";
import { provesNoEffect, unanswered } from "../attempt.ts";
import { BEGIN } from "../ledger-rows.ts";
import type { Pool } from "../pool.ts";
import { untilReplicated } from "../unreplicated-commit.ts";
import { withClient } from "../with-client.ts";
import { insertTogether } from "./insert-statement.ts";
import { addTotalSums, addUserSums, claimKeys, insertLogs } from "./log-statements.ts";

/** Inserts logs with one statement, which commits by itself: one round trip for a batch. */
export const insertingTogether =
  (pool: Pool): LogBackend["insert"] =>
  (batch) =>
    retryingDeadlocks(() =>
      onClient(pool, async (client) => {
        const { rows } = await client.query<{ id: string }>(insertTogether(batch)).catch(undecided);
        const stored = new Set(rows.map(({ id }) => id));
        const ids = batch.logs.map(({ id }) => id).filter((id) => !stored.has(id));
        if (ids.length === 0) await untilReplicated(client).catch(unproven);
        return new Set(ids);
      }),
    );

/**
 * Inserts logs with a statement for each table: Citus refuses one that changes several distributed tables. The sums come last
 * and are sent together with COMMIT.
 */
export const insertingInSteps =
  (pool: Pool): LogBackend["insert"] =>
  (batch) =>
    retryingDeadlocks(() =>
      onClient(pool, async (client) => {
        const work = async () => {
          const ids = await insertInSteps(transactionOn(client), batch);
          // What is stored already may be on this server alone.
          if (ids.size === 0) await untilReplicated(client).catch(unproven);
          return ids;
        };
        const [, ids] = await Promise.all([client.query(BEGIN), work()]);
        await client.query("COMMIT").catch(undecided);
        return ids;
      }),
    );

/** The error of a statement that commits. */
function undecided(error: unknown): never {
  throw provesNoEffect(error) ? error : unanswered(error);
}

/** The logs that were found may exist only on this server, whose wait for the standby was cancelled. */
function unproven(cause: unknown): never {
  throw new OutcomeUnknown("the stored logs are not known to be on the standby", { cause });
}

/** A client of the pool for logs. */
const onClient = <Result>(pool: Pool, work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> =>
  withClient(pool.connect().catch(afterConnectionLoss("nothing written")), work, (error) =>
    isWithoutPartition(error) ? "without effect" : connectionLoss(error),
  );

/** SQLSTATE and the routine of PostgreSQL that finds the partition of a row: there is none, also for the present month. */
export const isWithoutPartition = (error: unknown): boolean =>
  (error as { code?: unknown } | undefined)?.code === "23514" &&
  (error as { routine?: unknown }).routine === "ExecFindPartition";

const transactionOn = (client: pg.PoolClient): LogTransaction => {
  const idsFrom = async (query: pg.QueryConfig): Promise<ReadonlySet<string>> =>
    new Set((await client.query<{ id: string }>(query)).rows.map(({ id }) => id));
  return {
    claimKeys: (keys) => idsFrom(claimKeys(keys)),
    insertLogs: (logs) => idsFrom(insertLogs(logs)),
    addSums: async ({ ofUsers, ofAll }) => {
      await Promise.all([client.query(addUserSums(ofUsers)), client.query(addTotalSums(ofAll))]);
    },
  };
};
