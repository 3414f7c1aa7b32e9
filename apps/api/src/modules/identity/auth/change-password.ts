import { operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { isoTime } from "../../../values/iso-time.ts";
import type { Deps } from "../deps.ts";
import { replacePassword } from "../use-cases/replace-password.ts";

/** Changes the password of a user who knows the current one, outside of browser sessions. Ends all sessions; the response carries a new one. */
export const changePassword = (deps: Deps) =>
  implement(operations.auth.changePassword, async ({ input, caller, requestId, address }) => {
    // The response has a token: a script in a page would get what the cookie keeps from it.
    if (caller.browser) return refuse({ code: "BEARER_TOKEN_REQUIRED" });
    const changed = await replacePassword(deps, { ...input, caller, requestId, address: await address() });
    if (!changed.ok) return changed;
    const { token, expiresAtMs } = await deps.tokens.issue(changed.value);
    return ok({ success: true, token, expiresAt: isoTime(expiresAtMs) });
  });
