import type { Refusal } from "@jifen/contract";
import { accountOf, type Outcome, ok, refuse, type UserId } from "@jifen/core";
import type { Caller } from "../credentials/caller.ts";
import type { Deps } from "../deps.ts";

/** Whether to add the balance, and for whom. */
type Asked = { readonly with?: "balance" | undefined; readonly caller: Pick<Caller, "scopes"> };

/** The balance of a user as a field; no field if it is not asked for. */
type BalanceOf = (id: UserId) => { balance?: number };

/**
 * Reads the balances of users in one statement, if they are asked for. A key that reads users does not read accounts by this:
 * refuses with FORBIDDEN a service key without the scope `accounts:read`.
 */
export async function readBalances(
  { database }: Pick<Deps, "database">,
  ids: readonly UserId[],
  { with: added, caller }: Asked,
): Promise<Outcome<BalanceOf, Refusal<"FORBIDDEN">>> {
  if (added === undefined) return ok(() => ({}));
  if (caller.scopes && !caller.scopes.has("accounts:read")) {
    return refuse({
      code: "FORBIDDEN",
      missing: "scope",
      roles: ["support", "finance", "admin"],
      scope: "accounts:read",
    });
  }
  const balances = await database.history.balances(ids.map(accountOf));
  return ok((id) => ({ balance: balances.get(accountOf(id)) ?? 0 }));
}
