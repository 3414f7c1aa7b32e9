import { operations } from "@jifen/contract";
import { accountOf, holdId, ok } from "@jifen/ledger";
import { callerKey } from "../caller-key.ts";
import type { Deps } from "../deps.ts";
import { implement } from "../trpc.ts";
import { placed } from "./placed.ts";
import { refused } from "./refused.ts";

/** Keeps one of the caller's holds for longer, once per idempotency key. */
export const extend = ({ ledger }: Deps) =>
  implement(operations.holds.extend, async ({ input, caller, idempotencyKey, markReplayed }) => {
    const outcome = await ledger.extend({
      accountId: accountOf(caller.userId),
      idempotencyKey: callerKey(caller, idempotencyKey),
      holdId: holdId(input.holdId),
      by: caller.kind,
      ttlSeconds: input.ttlSeconds,
    });
    if (!outcome.ok) return refused(outcome.refusal);
    const { transaction, replayed } = outcome.value;
    if (replayed) markReplayed();
    return ok(placed(transaction));
  });
