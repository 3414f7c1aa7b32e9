import type { AccountId, IdempotencyKey, TransactionId } from "@jifen/core";
import type { Entry } from "../entry.ts";
import type { ExtraWrites } from "../extra-writes.ts";
import type { EntryDraft } from "../posting.ts";

/** The fields of every command: the account, the idempotency key, and the id of its entry if it takes effect. */
export type CommandBase = {
  readonly accountId: AccountId;
  readonly idempotencyKey: IdempotencyKey;
  readonly transactionId: TransactionId;
  /**
   * What is written outside the ledger in the transaction of the command's entry, if and only if the command takes
   * effect: not for a refusal and not for a replay. Pure, because the transaction may be tried again. It is no part of
   * the request: a retry is recognised without it.
   */
  readonly extra?: ((entry: Entry) => ExtraWrites) | undefined;
};

/** The id and the key of the command's own entry. */
export const entryIdentity = ({
  transactionId,
  idempotencyKey,
}: CommandBase): Pick<EntryDraft, "id" | "idempotencyKey"> => ({
  id: transactionId,
  idempotencyKey,
});
