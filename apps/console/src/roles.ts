import type { Role } from "./session.ts";

/** The roles, from the least to the most. */
export const roles = ["user", "support", "finance", "admin"] as const satisfies readonly Role[];
