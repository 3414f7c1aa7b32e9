import type { AccountId, IdempotencyKey, TransactionId } from "@jifen/core";
import type { Author, Entry } from "../entry.ts";
import type { ExtraWrites } from "../extra-writes.ts";
import type { EntryDraft } from "../posting.ts";

/** A key under which an earlier version may have executed the request: an entry under it is found, none is written. */
export type FormerKey = {
  readonly idempotencyKey: IdempotencyKey;
  /** Whether other callers had the same key: then an entry of another request is theirs, and does not count. */
  readonly isShared: boolean;
};

/** The fields of every command: the account, the author, the idempotency key, and the id of its entry if it takes effect. */
export type CommandBase = Author & {
  readonly accountId: AccountId;
  readonly idempotencyKey: IdempotencyKey;
  readonly formerKey?: FormerKey | undefined;
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
