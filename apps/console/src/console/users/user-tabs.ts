import type { Role } from "../../session.ts";

/** The parts of a user's page, in order. */
export const userTabs = ["ledger", "grants", "holds", "orders", "logs", "keys", "audit"] as const;
/** A part of a user's page. */
export type UserTab = (typeof userTabs)[number];

/** The parts that only admins can read. */
const forAdmins: readonly UserTab[] = ["keys", "audit"];

/** The parts that a role can see. */
export const tabsOf = (role: Role): readonly UserTab[] =>
  userTabs.filter((tab) => role === "admin" || !forAdmins.includes(tab));
