import type { JifenClient } from "../client.ts";
import type { JifenInputs, JifenOutputs } from "../router.ts";

/** A hold that is wanted once per press: the key is that of the press, or derived from it. */
export type WantedHold = JifenInputs["holds"]["create"] & { readonly idempotencyKey: string };

/**
 * Places the hold of a press, or finds the one that an earlier attempt of the press has placed: `pending`, or `captured`
 * when its charge was made and the answer was lost. A hold that has expired or was released has charged nothing and pays
 * for no work, so that the next one is placed under the next key. The credential needs `credits:spend` and `credits:read`.
 * @throws JifenError
 */
export async function placeHold(jifen: JifenClient, wanted: WantedHold): Promise<JifenOutputs["holds"]["find"]> {
  for (let count = 1; ; count++) {
    // The first key has no number: what was placed under the key of the press alone is found as well.
    const idempotencyKey = count === 1 ? wanted.idempotencyKey : `${wanted.idempotencyKey}:hold-${count}`;
    const { holdId } = await jifen.holds.create.mutate({ ...wanted, idempotencyKey });
    // A repeated call returns what it returned first; only the hold itself says how it ended.
    const hold = await jifen.holds.find.query({ holdId });
    if (hold.state === "pending" || hold.state === "captured") return hold;
  }
}
