import type { Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { ServiceKey } from "@jifen/database";
import type { Caller } from "../credentials/caller.ts";
import type { Deps } from "../deps.ts";
import { mayManage } from "./key-permissions.ts";

/** A key that a caller may replace or end. Refuses, in this order: KEY_NOT_FOUND, KEY_REVOKED. */
export async function managedKey(
  { database }: Pick<Deps, "database">,
  caller: Caller,
  id: string,
): Promise<Outcome<ServiceKey, Refusal<"KEY_NOT_FOUND" | "KEY_REVOKED">>> {
  const [key] = await database.keys.findMany([id]);
  // Whose keys there are is nobody else's business.
  if (!key || !mayManage(caller, key)) return refuse({ code: "KEY_NOT_FOUND" });
  return key.revokedAtMs === null ? ok(key) : refuse({ code: "KEY_REVOKED" });
}
