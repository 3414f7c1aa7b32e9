/** The roles. End users have the role `user`; the others are staff of the operator. */
export const roles = ["user", "support", "finance", "admin"] as const;

/** The role of a user. */
export type Role = (typeof roles)[number];

/**
 * The scopes of service keys. Two of them allow no operation by themselves. A key with `act-as` can act for any user, named
 * in X-User-Id; a key without it acts only for its owner. A key with `visitor-address` in X-Site-Key lets a site name the
 * address of its visitor in X-Forwarded-For. A key with `credits:grant` grants no more in a day than its own limit.
 */
export const scopes = [
  "accounts:read",
  "credits:read",
  "credits:spend",
  "credits:refund",
  "credits:grant",
  "logs:write",
  "logs:read",
  "orders:read",
  "orders:write",
  "stats:read",
  "users:read",
  "users:write",
  "admin",
  "act-as",
  "visitor-address",
] as const;

/** A scope of a service key. */
export type Scope = (typeof scopes)[number];

/** Who can call an operation: users with one of the roles, and their service keys with the scope; no key if it is null. */
export type Access = {
  readonly roles: readonly Role[];
  readonly scope: Exclude<Scope, "act-as" | "visitor-address"> | null;
  /** Another scope that is enough for a key, which then sees other things. */
  readonly otherScope?: Exclude<Scope, "act-as" | "visitor-address">;
};

/** Access for users of every role. */
export const anyUser = <const Needed extends Access["scope"]>(scope: Needed) => ({ roles, scope });

/** Access for staff with one of these roles. */
export const staff = <const Needed extends Access["scope"]>(
  scope: Needed,
  ...allowed: readonly Exclude<Role, "user">[]
) => ({ roles: allowed, scope });
