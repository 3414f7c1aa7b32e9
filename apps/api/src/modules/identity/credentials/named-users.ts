import { bilingual, type Refusal, type Scope } from "@jifen/contract";
import { type Outcome, ok, refuse, type UserId } from "@jifen/core";
import type { Actor } from "../../audit/audit-event.ts";

/** A service key that names a user. */
export type NamedBy = Actor & { readonly keyId: string };

/** What follows when a user that a key names is not known. */
type NamedUserRefusal = Refusal<"FORBIDDEN" | "RATE_LIMITED" | "USER_NOT_FOUND" | "ACCOUNT_SUSPENDED">;

/**
 * Creates a user with the initial credits when a service key names one that does not exist yet.
 * Refuses, in this order: FORBIDDEN (the key has lost its power, or the address is one of ADMIN_EMAILS), USER_NOT_FOUND (the
 * user was deleted), RATE_LIMITED (the key has created as many as it can), ACCOUNT_SUSPENDED.
 */
export type ProvisionNamedUser = (id: UserId, by: NamedBy) => Promise<Outcome<undefined, NamedUserRefusal>>;

/** Users that service keys name and that do not exist yet. */
export type NamedUsers = {
  /** Whether they are created for requests that do not ask for it. */
  readonly areAlwaysCreated: boolean;
  readonly provision: ProvisionNamedUser;
};

const switchRule = bilingual({ zh: "必须是 true 或 false", en: "must be true or false" });

/**
 * Whether a request of a service key creates the users that it names: because of its X-Create-User header, or of
 * CREATE_USERS. Refuses, in this order: VALIDATION_FAILED (X-Create-User), FORBIDDEN (it asks for what the key cannot do).
 */
export function readCreateUser(
  asked: string | undefined,
  scopes: ReadonlySet<Scope>,
  { areAlwaysCreated }: Pick<NamedUsers, "areAlwaysCreated">,
): Outcome<boolean, Refusal> {
  const canCreate = scopes.has("users:write") && scopes.has("act-as");
  const text = asked?.trim().toLowerCase();
  if (text === undefined) return ok(canCreate && areAlwaysCreated);
  if (text === "false") return ok(false);
  if (text !== "true") {
    return refuse({ code: "VALIDATION_FAILED", issues: [{ path: "X-Create-User", message: switchRule }] });
  }
  if (canCreate) return ok(true);
  return refuse({
    code: "FORBIDDEN",
    missing: "scope",
    roles: ["admin"],
    scope: scopes.has("act-as") ? "users:write" : "act-as",
  });
}
