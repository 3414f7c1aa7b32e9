import { type IdempotencyKey, idempotencyKey } from "@jifen/core";
import type { Reversal } from "@jifen/database";

/** What the keys of all takings and givings for reversals begin with. */
export const reversalKeyPrefix: string = idempotencyKey.ofSystem("reversal:");

/** What the keys of one reversal begin with. */
export const keysOfReversal = (id: string): IdempotencyKey => keyOf(id, "");

/** The reversal that a key of a taking or giving names. */
export const reversalIdIn = (key: IdempotencyKey): string => key.slice(reversalKeyPrefix.length).split(":", 1)[0] ?? "";

const keyOf = (id: string, rest: string): IdempotencyKey => idempotencyKey.ofSystem(`reversal:${id}:${rest}`);

/**
 * The key of the next taking of credits for a reversal. What was taken is noted in the same transaction, which counts the
 * revision: a retry after an unknown outcome has the same key exactly if nothing was taken.
 */
export const takingKey = ({ id, revision }: Pick<Reversal, "id" | "revision">): IdempotencyKey =>
  keyOf(id, `take:${revision}`);

/** The keys of the grants that give back what a reversal took: once for ever. */
export const givenBackKeys = (id: string): { readonly purchase: IdempotencyKey; readonly bonus: IdempotencyKey } => ({
  purchase: keyOf(id, "back"),
  bonus: keyOf(id, "back:bonus"),
});
