/** The roles. End users have the role `user`; the others are staff of the operator. */
export const roles = ["user", "support", "finance", "admin"] as const;

/** The role of a user. */
export type Role = (typeof roles)[number];

/**
 * The scopes of service keys. Two of them allow no operation by themselves. A key with `act-as` can act for any user, named
 * in X-User-Id; a key without it acts only for its owner. A key with `visitor-address` in X-Site-Key lets a site name the
 * address of its visitor in X-Forwarded-For.
 */
export const scopes = [
  "credits:read",
  "credits:spend",
  "credits:refund",
  "logs:write",
  "logs:read",
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
};

/** Access for users of every role. */
export const anyUser = <const Needed extends Access["scope"]>(scope: Needed) => ({ roles, scope });

/** Access for staff with one of these roles. */
export const staff = <const Needed extends Access["scope"]>(
  scope: Needed,
  ...allowed: readonly Exclude<Role, "user">[]
) => ({ roles: allowed, scope });
