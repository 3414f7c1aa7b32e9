import { operations, type Scope } from "@jifen/contract";
import { ok, refuse, transactionId, type UserId, userOf } from "@jifen/core";
import type { Entry } from "@jifen/ledger";
import { implement } from "../../trpc/procedure.ts";
import { explainPrice } from "../billing/pricing/explain-price.ts";
import { readDetails } from "../credits/transactions/read-details.ts";
import { holdIdOf } from "../credits/transactions/to-transaction.ts";
import { readNamed } from "../logs/named-in-logs.ts";
import { toLogOutput } from "../logs/to-log.ts";
import type { Deps } from "./deps.ts";
import { orderIdOf } from "./order-of-entry.ts";
import { toAccountTransaction } from "./to-account-transaction.ts";

const MAX_LOGS = 20;

/** Finds a transaction of any user, with all that says why it is there. */
export const explain = (deps: Deps) =>
  implement(operations.accounts.explain, async ({ input, caller }) => {
    const { ledger, database, pricing } = deps;
    const found = await database.history.entry(transactionId(input.transactionId));
    const user = found && userOf(found.accountId);
    if (!found || user === undefined) return refuse({ code: "TRANSACTION_NOT_FOUND" });
    // Processes expirations first: an expired hold is not pending.
    await ledger.balance(found.accountId);
    const [details, price, orderId, logs] = await Promise.all([
      readDetails(database.history, found),
      explainPrice(pricing, found),
      orderIdOf(database, user, found),
      canReadLogs(caller) ? readLogs(deps, user, found) : [],
    ]);
    return ok({
      ...{ ...toAccountTransaction(found, user), ...details, orderId, logs },
      price: price && { ...price.forStaff, ...price.forUser },
    });
  });

/** A key that reads accounts reads no logs, whose details can be anything, unless it has the scope for them as well. */
const canReadLogs = ({ scopes }: { readonly scopes: ReadonlySet<Scope> | null }): boolean =>
  scopes === null || scopes.has("logs:read");

/** The newest logs that name the transaction, or the hold that it belongs to. */
async function readLogs({ database }: Deps, userId: UserId, entry: Entry) {
  const holdId = holdIdOf(entry);
  const pages = await Promise.all(
    [entry.id, ...(holdId === null ? [] : [holdId])].map((subjectId) =>
      database.logs.list({ userId, subjectId }, MAX_LOGS),
    ),
  );
  const logs = pages
    .flatMap((page) => page.logs)
    .toSorted((one, other) => (one.id < other.id ? 1 : -1))
    .slice(0, MAX_LOGS);
  const named = await readNamed(database.history, logs);
  return logs.map((log) => toLogOutput(log, named(log)));
}
