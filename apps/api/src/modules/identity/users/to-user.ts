import type { User } from "@jifen/database";
import { isoTime, isoTimeOrNull } from "../../../values/iso-time.ts";
import { storedRole } from "./stored-names.ts";

/** A user as the endpoints for staff show it. */
export const toUserOutput = (user: User) => ({
  userId: user.id,
  email: user.email,
  name: user.name,
  role: storedRole(user),
  createdAt: isoTime(user.createdAtMs),
  suspendedAt: isoTimeOrNull(user.suspendedAtMs),
});
