import { type Outcome, refuse, type UserId } from "@jifen/core";
import type { Records, RecordTransaction } from "../records/records.ts";

/** Another transaction has changed a row since it was read. */
type RowChanged = { readonly code: "ROW_CHANGED" };

/** How an attempt ends. */
export type Attempt<Value, Refusal> = Outcome<Value, Refusal | RowChanged>;

/** Ends a transaction that has to read its rows again. */
export const rowChanged: Attempt<never, never> = refuse({ code: "ROW_CHANGED" });

/** Only a schedule or a claim, which do not lock the user, can be faster than a transaction that does. */
const MAX_ATTEMPTS = 20;

/**
 * Runs `work`, which reads rows of a user, decides, and writes them on the condition that their revisions are as read; again
 * from the beginning when it ends with `rowChanged`. It locks the user, so that concurrent calls wait for each other instead of
 * failing in turn. @throws Error when the rows change all the time
 */
export async function retryChanged<Value, Refusal>(
  records: Records,
  userId: UserId,
  work: (tx: RecordTransaction) => Promise<Attempt<Value, Refusal>>,
): Promise<Outcome<Value, Refusal>> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const outcome = await records.transaction(async (tx): Promise<Attempt<Value, Refusal>> => {
      await tx.lock("users", { id: userId });
      return work(tx);
    });
    if (outcome !== rowChanged) return outcome as Outcome<Value, Refusal>;
  }
  throw new Error("the rows were changed by others in every attempt");
}
