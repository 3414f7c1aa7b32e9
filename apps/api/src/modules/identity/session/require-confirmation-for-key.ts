import type { Refusal } from "@jifen/contract";
import { type Outcome, ok } from "@jifen/core";
import type { Caller } from "../credentials/caller.ts";
import type { Principal } from "../credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { findManagedKey } from "../use-cases/find-managed-key.ts";
import { requireConfirmationForScopes } from "./require-confirmation.ts";

/** What a caller is about to do to which key. */
type ActOnKey = { readonly caller: Caller; readonly by: Principal; readonly keyId: string };

/**
 * The same as `requireConfirmationForScopes` for a key that exists. Its scopes never become more. A key that the caller
 * cannot manage is refused by the act itself. Refuses: CONFIRMATION_REQUIRED.
 */
export async function requireConfirmationForKey(
  deps: Pick<Deps, "database" | "nowMs">,
  { caller, by, keyId }: ActOnKey,
): Promise<Outcome<undefined, Refusal<"CONFIRMATION_REQUIRED">>> {
  if (!caller.browser) return ok(undefined);
  const found = await findManagedKey(deps, by, keyId);
  return found.ok ? requireConfirmationForScopes(caller, found.value.scopes, deps.nowMs()) : ok(undefined);
}
