import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { toErrorBody } from "../../../http/error-response.ts";
import { implement } from "../../../trpc/procedure.ts";
import { principalOf } from "../../identity/credentials/principal.ts";
import { requireConfirmation } from "../../identity/session/require-confirmation.ts";
import type { Deps } from "../deps.ts";
import { grantToMany } from "../use-cases/grant-to-many.ts";

/** Grants credits to many users, to each once per key of the request. */
export const grantMany = (deps: Deps) =>
  implement(operations.admin.grantMany, async ({ input, caller, requestId, idempotencyKey, language }) => {
    const confirmed = requireConfirmation(caller, deps.nowMs());
    if (!confirmed.ok) return confirmed;
    const outcomes = await grantToMany(deps, { ...input, idempotencyKey }, principalOf(caller, requestId));
    const spoken = language();
    const granted = outcomes.filter(({ outcome }) => outcome.ok && !outcome.value.replayed).length;
    const refused = outcomes.filter(({ outcome }) => !outcome.ok).length;
    return ok({
      results: outcomes.map(({ outcome, ...ofUser }) => {
        if (outcome.ok) return { ...ofUser, ...outcome.value };
        const { code, message, ...more } = toErrorBody<(typeof outcome.refusal)["code"]>(outcome.refusal, {
          language: spoken,
          requestId,
        });
        const issues = "issues" in more ? more.issues.map((issue) => `${issue.path}: ${issue.message}`) : [];
        return { ...ofUser, code, message: [message, ...issues].join(" · ") };
      }),
      granted,
      replayed: outcomes.length - granted - refused,
      refused,
    });
  });
