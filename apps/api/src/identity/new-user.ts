import {
  accountOf,
  type Changes,
  type Command,
  credits,
  decideBatch,
  grantId,
  idempotencyKey,
  type Snapshot,
  transactionId,
  type UserId,
  userId,
} from "@jifen/ledger";
import type { Deps } from "../deps.ts";

/** A person who logs in with an e-mail address. */
export type Person = { readonly email: string; readonly passwordHash: string; readonly initialCredits: number };

/**
 * Makes a user with the initial credits, both or neither.
 * @param person `email` is normalised.
 * @returns false when there is such a user already; nothing is changed then.
 */
export async function createUser(deps: Pick<Deps, "database" | "newId" | "nowMs">, person: Person): Promise<boolean> {
  const id = userId(person.email);
  const createdAtMs = deps.nowMs();
  const name = person.email.slice(0, person.email.indexOf("@"));
  return deps.database.users.create(
    { id, email: person.email, name, passwordHash: person.passwordHash, createdAtMs },
    initialGrant(deps, { id, amount: person.initialCredits, nowMs: createdAtMs }),
  );
}

/** What the first grant writes; nothing where new users get nothing. */
function initialGrant({ newId }: Pick<Deps, "newId">, user: { id: UserId; amount: number; nowMs: number }): Changes {
  const nobodyYet: Snapshot = { nowMs: user.nowMs, accounts: new Map(), earlier: [], charges: [] };
  const grant: Command = {
    kind: "grant",
    accountId: accountOf(user.id),
    idempotencyKey: idempotencyKey.ofSystem("initial"),
    transactionId: transactionId(newId("txn")),
    grantId: grantId(newId("grant")),
    amount: credits(user.amount),
    source: "initial",
    priority: 50,
    expiresAtMs: null,
    reason: "initial",
  };
  return decideBatch(user.amount === 0 ? [] : [grant], nobodyYet).changes;
}
