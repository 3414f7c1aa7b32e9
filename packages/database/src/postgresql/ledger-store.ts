import {
  type Changes,
  DatabaseUnavailable,
  type Decision,
  type LedgerStore,
  type Needs,
  OutcomeUnknown,
  type Snapshot,
} from "@jifen/ledger";
import pg from "pg";
import { afterConnectionLoss, connectionLoss, isUniqueViolation } from "../failure.ts";
import { type AccountRow, toAccount } from "../rows.ts";
import { changesNothing } from "../snapshot.ts";
import { beginAndRead, writeChanges } from "./ledger-rows.ts";

/** Deadlock and serialization failure, which ask for another try. */
const retryable = new Set(["40P01", "40001"]);
const MAX_ATTEMPTS = 5;

const selectBalances = "SELECT id, balance, held, sequence FROM accounts WHERE id = ANY($1::text[])";

/** The ledger on PostgreSQL, READ COMMITTED with locked account rows. */
export function createPostgresqlLedgerStore(pool: pg.Pool): LedgerStore {
  return {
    commit: (needs, decide) => retrying(() => commitOnce(pool, needs, decide)),
    readBalances: async (accountIds) => {
      const { rows } = await pool
        .query<AccountRow>({ name: "balances", text: selectBalances, values: [accountIds] })
        .catch(afterConnectionLoss("nothing written"));
      return new Map(rows.map(toAccount).map(({ id, balance, held }) => [id, { balance, held }]));
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
  const client = await pool.connect().catch((cause: unknown) => {
    throw new DatabaseUnavailable("there is no connection to be had", { cause });
  });
  let failure: unknown;
  try {
    const { changes, result } = decide(await beginAndRead(client, needs));
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

/** Only the server itself can say so, in an answer to COMMIT; not when it is going away (08, 57P), and no socket can. */
const saysNothingWasDone = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && !/^(08|57P)/.test(error.code ?? "08");

/** Writes and commits, or lets go of the locks when there is nothing to write. */
async function end(client: pg.PoolClient, changes: Changes): Promise<void> {
  if (changesNothing(changes)) {
    await client.query("ROLLBACK");
    return;
  }
  await writeChanges(client, changes);
  await client.query("COMMIT").catch((error: unknown) => {
    if (saysNothingWasDone(error)) throw error;
    throw new OutcomeUnknown("COMMIT was sent and not answered", { cause: error });
  });
}
