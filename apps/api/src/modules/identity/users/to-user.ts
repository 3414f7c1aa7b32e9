import { DEFAULT_GROUP } from "@jifen/billing";
import type { User } from "@jifen/database";
import { isoTime, isoTimeOrNull } from "../../../values/iso-time.ts";
import type { Deps } from "../deps.ts";
import { effectiveRole } from "../use-cases/power.ts";
import { storedRole } from "./stored-names.ts";

/** A user as the endpoints for staff show it. */
export function toUserOutput({ adminEmails }: Pick<Deps, "adminEmails">, user: User) {
  const role = effectiveRole(user, adminEmails);
  return {
    userId: user.id,
    email: user.email,
    name: user.name,
    role,
    roleFrom: role === storedRole(user) ? ("stored" as const) : ("ADMIN_EMAILS" as const),
    priceGroup: user.priceGroup ?? DEFAULT_GROUP,
    createdAt: isoTime(user.createdAtMs),
    suspendedAt: isoTimeOrNull(user.suspendedAtMs),
    lastSeenAt: isoTimeOrNull(user.lastSeenAtMs),
  };
}
