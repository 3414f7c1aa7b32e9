import { operations } from "@jifen/contract";
import { holdId } from "@jifen/core";
import { replayableOk } from "../../../trpc/handler.ts";
import { implement } from "../../../trpc/procedure.ts";
import { ownerOfCaller } from "../../identity/credentials/owner.ts";
import { callerCommand } from "../caller-command.ts";
import type { Deps } from "../deps.ts";
import { runPriced } from "../priced-command.ts";
import { toPlacedHold } from "./to-placed-hold.ts";

/** Holds credits of the caller for a job, once per idempotency key. */
export const create = (deps: Deps) =>
  implement(operations.holds.create, async (request) => {
    const { action, ttlSeconds } = request.input;
    const outcome = await runPriced(deps, request, (charge) =>
      deps.ledger.hold({
        ...callerCommand(request),
        holdId: holdId(deps.newId("hold")),
        placedBy: ownerOfCaller(request.caller),
        ...{ action, ttlSeconds },
        ...charge,
      }),
    );
    if (!outcome.ok) return outcome;
    const { entry, replayed } = outcome.value;
    return replayableOk({ ...toPlacedHold(entry), amount: entry.amount }, { replayed });
  });
