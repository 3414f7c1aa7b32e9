import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { ServiceKey } from "@jifen/database";
import type { Principal } from "../credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { canManageKey } from "./key-permissions.ts";

/** Finds a key that a principal can rotate or revoke. Refuses, in this order: KEY_NOT_FOUND, KEY_REVOKED. */
export async function findManagedKey(
  { database }: Pick<Deps, "database">,
  principal: Principal,
  id: string,
): Promise<Outcome<ServiceKey, Refusal<"KEY_NOT_FOUND" | "KEY_REVOKED">>> {
  const [key] = await database.keys.findMany([id]);
  // The same refusal for both cases does not reveal which keys exist.
  if (!key || !canManageKey(principal, key)) return refuse({ code: "KEY_NOT_FOUND" });
  return key.revokedAtMs === null ? ok(key) : refuse({ code: "KEY_REVOKED" });
}
