import { operations } from "@jifen/contract";
import { credits } from "@jifen/core";
import { replayableOk } from "../../../trpc/handler.ts";
import { implement } from "../../../trpc/procedure.ts";
import { callerCommand } from "../caller-command.ts";
import type { Deps } from "../deps.ts";
import { metadataText } from "../metadata.ts";

/** Spends the caller's credits, once per idempotency key. */
export const consume = ({ ledger }: Deps) =>
  implement(operations.credits.consume, async ({ input, ...request }) => {
    const outcome = await ledger.consume({
      ...callerCommand(request),
      amount: credits(input.amount),
      action: input.action,
      metadata: metadataText(input.metadata),
    });
    if (!outcome.ok) return outcome;
    const { entry, replayed } = outcome.value;
    return replayableOk({ success: true, balance: entry.balanceAfter, transactionId: entry.id }, { replayed });
  });
