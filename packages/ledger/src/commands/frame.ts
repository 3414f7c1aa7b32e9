import type { AccountId, IdempotencyKey, TransactionId } from "@jifen/core";
import type { EntryDraft } from "../posting.ts";

/** What every command carries: whose account, under which key, and the id it will have when it happens. */
export type CommandFrame = {
  readonly accountId: AccountId;
  readonly idempotencyKey: IdempotencyKey;
  readonly transactionId: TransactionId;
};

/** The id and the key of the line that a command is answered with. */
export const entryIdentity = ({
  transactionId,
  idempotencyKey,
}: CommandFrame): Pick<EntryDraft, "id" | "idempotencyKey"> => ({
  id: transactionId,
  idempotencyKey,
});
