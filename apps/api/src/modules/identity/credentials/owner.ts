import { type Owner, ownerOf } from "@jifen/core";
import type { Caller } from "./caller.ts";
import type { Principal } from "./principal.ts";
import { sha256 } from "./sha256.ts";

/** Hexadecimal digits of a digest: 128 bits, and short enough for a column that also has a key of 255 characters. */
const DIGEST_LENGTH = 32;

/** The owner of a caller's credential: the user in person, or the owner of the service key. */
export const ownerOfCaller = ({ kind, key, userId }: Pick<Caller, "kind" | "key" | "userId">): Owner =>
  ownerOf(kind, key?.ownerId ?? userId);

/** The owner of a principal's credential; `operator` on the command line. */
export function ownerOfPrincipal({ key, userId }: Pick<Principal, "key" | "userId">): Owner | "operator" {
  if (key !== null) return ownerOf("service", key.ownerId);
  return userId === null ? "operator" : ownerOf("user", userId);
}

/** An owner in an idempotency key: always as long, whatever the address of the user. */
export const ownerDigest = (owner: Owner | "operator"): string => sha256(owner).slice(0, DIGEST_LENGTH);

/** Whether a user without a role on staff calls by a key of their own. No service of the operator has such a key. */
export const isOwnKey = ({ key, role }: Pick<Caller, "key" | "role">): boolean => key !== null && role === "user";
