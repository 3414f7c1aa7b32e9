import { operations } from "@jifen/contract";
import { credits, holdId } from "@jifen/core";
import { replayableOk } from "../../../trpc/handler.ts";
import { implement } from "../../../trpc/procedure.ts";
import { ownerOfCaller } from "../../identity/credentials/owner.ts";
import { callerCommand } from "../caller-command.ts";
import type { Deps } from "../deps.ts";
import { metadataText } from "../metadata.ts";
import { toPlacedHold } from "./to-placed-hold.ts";

/** Holds credits of the caller for a job, once per idempotency key. */
export const create = ({ ledger, newId }: Deps) =>
  implement(operations.holds.create, async ({ input, ...request }) => {
    const outcome = await ledger.hold({
      ...callerCommand(request),
      holdId: holdId(newId("hold")),
      placedBy: ownerOfCaller(request.caller),
      amount: credits(input.amount),
      action: input.action,
      metadata: metadataText(input.metadata),
      ttlSeconds: input.ttlSeconds,
    });
    if (!outcome.ok) return outcome;
    const { entry, replayed } = outcome.value;
    return replayableOk({ ...toPlacedHold(entry), amount: entry.amount }, { replayed });
  });
