import { operations } from "@jifen/contract";
import { implement } from "../../../trpc/procedure.ts";
import { principalOf } from "../credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { requireConfirmation } from "../session/require-confirmation.ts";
import { issuePasswordLink } from "../use-cases/issue-password-link.ts";

/** Creates a one-time link to set a password. */
export const passwordLink = (deps: Deps) =>
  implement(operations.users.passwordLink, async ({ input, caller, requestId }) => {
    const confirmed = requireConfirmation(caller, deps.nowMs());
    if (!confirmed.ok) return confirmed;
    return issuePasswordLink(deps, input, principalOf(caller, requestId));
  });
