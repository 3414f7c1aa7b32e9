import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import type pg from "pg";
import { connectionLoss } from "../../errors/failure.ts";

/**
 * Runs `work` on a client of a pool. When it fails, rolls back and tells what the error means for its effect.
 * @param lossOf what an error says about the connection
 * @throws DatabaseUnavailable when nothing was committed, OutcomeUnknown of `work`, or the error of the database
 */
export async function withClient<Result>(
  connecting: Promise<pg.PoolClient>,
  work: (client: pg.PoolClient) => Promise<Result>,
  lossOf: typeof connectionLoss = connectionLoss,
): Promise<Result> {
  const client = await connecting;
  let failure: unknown;
  try {
    return await work(client);
  } catch (error) {
    failure = error;
    if (error instanceof OutcomeUnknown) throw error;
    const loss = lossOf(error);
    // A server that refused the statement still answers: its connection is kept.
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
