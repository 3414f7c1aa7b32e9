import { operations } from "@jifen/contract";
import { replayableOk } from "../../../trpc/handler.ts";
import { implement } from "../../../trpc/procedure.ts";
import { callerCommand } from "../caller-command.ts";
import type { Deps } from "../deps.ts";
import { runPriced } from "../priced-command.ts";

/** Spends the caller's credits, once per idempotency key. */
export const consume = (deps: Deps) =>
  implement(operations.credits.consume, async (request) => {
    const { action, amount } = request.input;
    const outcome = await runPriced(deps, request, (charge) =>
      deps.ledger.consume({ ...callerCommand(request), action, ...charge }),
    );
    if (!outcome.ok) return outcome;
    const { entry, replayed } = outcome.value;
    const consumed = { success: true, balance: entry.balanceAfter, transactionId: entry.id } as const;
    return replayableOk(amount === undefined ? { ...consumed, amount: entry.amount } : consumed, { replayed });
  });
