import {
  type Changes,
  credits,
  DatabaseUnavailable,
  type Decision,
  type LedgerStore,
  type Needs,
  OutcomeUnknown,
  type Snapshot,
} from "@jifen/ledger";
import type pg from "pg";
import { afterConnectionLoss, connectionLoss, isUniqueViolation } from "../failure.ts";
import type { AccountRow } from "../rows.ts";
import { changesNothing } from "../snapshot.ts";
import { readSnapshot, writeChanges } from "./ledger-rows.ts";

/** Deadlock and serialization failure, which ask for another try. */
const retryable = new Set(["40P01", "40001"]);
const MAX_ATTEMPTS = 5;

/** The ledger on PostgreSQL, READ COMMITTED with locked account rows. */
export function createPostgresqlLedgerStore(pool: pg.Pool): LedgerStore {
  return {
    commit: (needs, decide) => retrying(() => commitOnce(pool, needs, decide)),
    readBalance: async (accountId) => {
      const { rows } = await pool
        .query<AccountRow>({
          name: "balance",
          text: "SELECT balance, held FROM accounts WHERE id = $1",
          values: [accountId],
        })
        .catch(afterConnectionLoss("nothing written"));
      const row = rows[0];
      return row && { balance: credits(Number(row.balance)), held: credits(Number(row.held)) };
    },
  };
}

/** Two processes may open one account at the same time: the unique index refuses one, which then finds it open. */
const asksForRetry = (error: unknown): boolean =>
  retryable.has(String((error as { code?: unknown }).code)) || isUniqueViolation(error);

async function retrying<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!asksForRetry(error)) throw error;
      if (attempts === MAX_ATTEMPTS) throw new DatabaseUnavailable("others were always first", { cause: error });
    }
  }
}

async function commitOnce<Result>(
  pool: pg.Pool,
  needs: Needs,
  decide: (snapshot: Snapshot) => Decision<Result>,
): Promise<Result> {
  const client = await pool.connect().catch(afterConnectionLoss("nothing written"));
  let failure: unknown;
  try {
    // Whatever the database's own default: after waiting for a lock, the next statement must see what was committed.
    await client.query("BEGIN ISOLATION LEVEL READ COMMITTED");
    const { changes, result } = decide(await readSnapshot(client, needs));
    await end(client, changes);
    return result;
  } catch (error) {
    failure = error;
    if (error instanceof OutcomeUnknown) throw error;
    if (connectionLoss(error) !== undefined) throw new DatabaseUnavailable("lost before COMMIT", { cause: error });
    await client.query("ROLLBACK").then(
      () => {
        failure = undefined;
      },
      () => undefined,
    );
    throw error;
  } finally {
    // A client that failed and could not roll back must not return to the pool.
    client.release(failure as Error | undefined);
  }
}

/** Writes and commits, or lets go of the locks when there is nothing to write. */
async function end(client: pg.PoolClient, changes: Changes): Promise<void> {
  if (changesNothing(changes)) {
    await client.query("ROLLBACK");
    return;
  }
  await writeChanges(client, changes);
  await client.query("COMMIT").catch((error: unknown) => {
    if (connectionLoss(error) === undefined) throw error;
    throw new OutcomeUnknown("COMMIT was sent and not answered", { cause: error });
  });
}
