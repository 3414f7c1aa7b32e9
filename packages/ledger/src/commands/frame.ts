import type { AccountId, IdempotencyKey, TransactionId } from "@jifen/core";
import type { Entry } from "../entry.ts";
import type { ExtraWrites } from "../extra-writes.ts";
import type { EntryDraft } from "../posting.ts";

/** What every command carries: whose account, under which key, and the id it will have when it happens. */
export type CommandFrame = {
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

/** The id and the key of the line that a command is answered with. */
export const entryIdentity = ({
  transactionId,
  idempotencyKey,
}: CommandFrame): Pick<EntryDraft, "id" | "idempotencyKey"> => ({
  id: transactionId,
  idempotencyKey,
});
