/** What somebody may be. Everybody is a user; the others work for whoever runs the place. */
export const roles = ["user", "support", "finance", "admin"] as const;

/** What somebody is. */
export type Role = (typeof roles)[number];

/**
 * What a service key may be allowed. `act-as` is no operation: a key that has it may act for any user, named in
 * X-User-Id, and otherwise acts for its owner alone.
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
] as const;

/** One thing that a service key may be allowed. */
export type Scope = (typeof scopes)[number];

/** Who may call: people of these roles, and their service keys that have the scope; no key where it is null. */
export type Access = { readonly roles: readonly Role[]; readonly scope: Exclude<Scope, "act-as"> | null };

/** Everybody for themselves. */
export const anyUser = <const Needed extends Access["scope"]>(scope: Needed) => ({ roles, scope });

/** Only those who work for whoever runs the place, in one of these roles. */
export const staff = <const Needed extends Access["scope"]>(
  scope: Needed,
  ...allowed: readonly Exclude<Role, "user">[]
) => ({ roles: allowed, scope });
