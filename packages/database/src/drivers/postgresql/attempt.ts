import { invariant } from "@jifen/core";
import { DatabaseUnavailable, type Decision, OutcomeUnknown, type Snapshot, type WriteSet } from "@jifen/ledger";
import pg from "pg";
import { type DistinctReads, isEmptyWriteSet } from "../../ledger/snapshot-draft.ts";
import { type ExtraQuery, extraQueries } from "./extra-writes.ts";
import {
  BEGIN,
  type LedgerSite,
  readOptimistically,
  readPessimistically,
  type Session,
  writeOf,
} from "./ledger-rows.ts";
import { untilReplicated } from "./unreplicated-commit.ts";
import { withClient } from "./with-client.ts";

/** What a commit reads, and the decision on it. */
export type Work<Result> = { readonly reads: DistinctReads; readonly decide: (snapshot: Snapshot) => Decision<Result> };

/** How an attempt reads the accounts: without locks, or with locks. */
export type Strategy = "optimistic" | "pessimistic";

/** The rows of an optimistic read belong to different states of the database. */
export class InconsistentRead extends Error {
  override name = "InconsistentRead";
}

/**
 * Reads, decides and writes once, in one transaction.
 * @throws InconsistentRead, ExtraWriteConflict or an error of the database when nothing was written; DatabaseUnavailable
 * likewise; OutcomeUnknown
 */
export const attempt = <Result>(
  { pool, statements }: LedgerSite,
  work: Work<Result>,
  strategy: Strategy,
): Promise<Result> =>
  withClient(
    pool.connect().catch((cause: unknown) => {
      throw new DatabaseUnavailable("no connection is available", { cause });
    }),
    (client) => attemptOn({ client, statements }, work, strategy),
  );

async function attemptOn<Result>(
  session: Session,
  { reads, decide }: Work<Result>,
  strategy: Strategy,
): Promise<Result> {
  const { client, statements } = session;
  const optimistic = strategy === "optimistic" ? await readOptimistically(session, reads) : undefined;
  const snapshot = optimistic ?? (await readPessimistically(session, reads));
  const { writeSet, result } = optimistic ? decideOptimistically(decide, snapshot) : decide(snapshot);
  if (!isEmptyWriteSet(writeSet)) {
    // Both throw before anything is sent when a value cannot be part of a statement.
    const write = writeOf(statements, writeSet, snapshot);
    const extra = extraQueries(writeSet, statements.extraInserts);
    const before = extra.length === 0 ? [] : statements.beforeExtraWrites(changedAccounts(writeSet));
    await commitWrites(client, { write, extra: [...before.map(asExtra), ...extra], isBegun: !optimistic });
  } else {
    if (!optimistic) await client.query("ROLLBACK");
    if (snapshot.executed.length > 0) await untilReplicated(client).catch(unprovenReplay);
  }
  return result;
}

const changedAccounts = ({ accountsOpened, accountsChanged }: WriteSet) =>
  [...accountsOpened, ...accountsChanged].map(({ id }) => id);

const asExtra = (query: pg.QueryConfig): ExtraQuery => ({ query, toError: (error) => error });

/** Later reads may be newer than the accounts. An invariant that fails on such a read may hold on a consistent one. */
function decideOptimistically<Result>(decide: Work<Result>["decide"], snapshot: Snapshot): Decision<Result> {
  try {
    return decide(snapshot);
  } catch (cause) {
    throw new InconsistentRead("an optimistic read was inconsistent", { cause });
  }
}

/**
 * Whether the answer to a commit proves that nothing was written. Only an error of the server proves it, never one of the
 * socket; and not when the server shuts down (08, 57P) or panics because it could not write its log: what it did write may
 * be recovered after the restart.
 */
export const provesNoEffect = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.severity === "ERROR" && !/^(08|57P)/.test(error.code ?? "08");

/** The error of a COMMIT without an answer. */
export const unanswered = (cause: unknown) => new OutcomeUnknown("COMMIT was sent and not answered", { cause });

/** The entries that were found may exist only on this server, which crashed or whose wait for the standby was cancelled. */
function unprovenReplay(cause: unknown): never {
  throw new OutcomeUnknown("the replayed entries are not known to be on the standby", { cause });
}

type Writes = {
  readonly write: pg.QueryConfig;
  readonly extra: readonly ExtraQuery[];
  /** Whether the transaction has begun already. */
  readonly isBegun: boolean;
};

/** Writes and commits in one round trip. */
function commitWrites(client: pg.PoolClient, writes: Writes): Promise<void> {
  const isSingleStatement = !writes.isBegun && writes.extra.length === 0;
  return isSingleStatement ? writeAlone(client, writes.write) : writeAndCommit(client, writes);
}

/**
 * A statement outside a transaction block commits by itself, before the server reports that it is ready for the next query,
 * which the driver waits for (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY).
 */
async function writeAlone(client: pg.PoolClient, write: pg.QueryConfig): Promise<void> {
  try {
    await client.query(write);
  } catch (error) {
    throw provesNoEffect(error) ? error : unanswered(error);
  }
}

/**
 * Sends all statements and COMMIT without waiting for answers. After a failed statement the server refuses the later ones
 * and answers COMMIT with ROLLBACK. The ledger's write comes first: it fails when the accounts have changed, so that a
 * conflict of an extra write is only reported for a decision on current accounts.
 */
async function writeAndCommit(client: pg.PoolClient, { write, extra, isBegun }: Writes): Promise<void> {
  const begin = isBegun ? undefined : client.query(BEGIN);
  const [begun, written, ...others] = await Promise.allSettled([
    begin,
    client.query(write),
    ...extra.map(({ query }) => client.query(query)),
    client.query("COMMIT"),
  ]);
  const extraResults = others.slice(0, -1);
  const committed = others.at(-1) as PromiseSettledResult<pg.QueryResult>;
  // Without a transaction, each statement has committed by itself.
  if (begun.status === "rejected" && written.status === "fulfilled") throw unanswered(begun.reason);
  if (committed.status === "rejected" && !provesNoEffect(committed.reason)) throw unanswered(committed.reason);
  // The server answers COMMIT only if no statement failed, even if the answers to the statements were lost.
  if (committed.status === "fulfilled" && committed.value.command === "COMMIT") return;
  if (begun.status === "rejected") throw begun.reason;
  if (written.status === "rejected") throw written.reason;
  for (const [at, result] of extraResults.entries()) {
    if (result.status === "rejected") throw extra[at]?.toError(result.reason);
  }
  if (committed.status === "rejected") throw committed.reason;
  invariant(false, "the transaction was rolled back without an error");
}
