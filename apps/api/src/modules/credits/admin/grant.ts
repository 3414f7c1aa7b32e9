import { bilingual, operations, type Refusal } from "@jifen/contract";
import { invariant, refuse } from "@jifen/core";
import { replayableOk } from "../../../trpc/handler.ts";
import { implement } from "../../../trpc/procedure.ts";
import { noteTransaction } from "../../audit/note-transaction.ts";
import { findUser } from "../../identity/users/find-user.ts";
import type { Deps } from "../deps.ts";
import { grantCommand } from "./grant-command.ts";

/** Gives credits to a user, once per idempotency key of that user's account. */
export const grant = (deps: Deps) =>
  implement(operations.admin.grant, async ({ input, caller, requestId, idempotencyKey }) => {
    const user = await findUser(deps, input.userId);
    if (!user.ok) return user;
    const outcome = await deps.ledger.grant(grantCommand(deps, user.value.id, { ...input, idempotencyKey }));
    if (!outcome.ok) return outcome.refusal.code === "EXPIRY_PASSED" ? refuse(alreadyOver) : refuse(outcome.refusal);
    const { entry, replayed } = outcome.value;
    invariant(entry.referenceId !== null, `transaction ${entry.id} names no grant`);
    const by = { actor: caller.actor, requestId };
    await noteTransaction(deps, { action: "credits.grant", reason: input.reason, by, entry });
    return replayableOk(
      {
        transactionId: entry.id,
        grantId: entry.referenceId,
        balance: entry.balanceAfter,
      },
      { replayed },
    );
  });

const alreadyOver: Refusal<"VALIDATION_FAILED"> = {
  code: "VALIDATION_FAILED",
  issues: [{ path: "expiresAt", message: bilingual({ zh: "必须晚于现在", en: "must be in the future" }) }],
};
