import type { User } from "@jifen/database";
import { storedRole } from "../identity/stored-names.ts";
import { isoTime, isoTimeOrNull } from "../iso-time.ts";

/** A user as staff see one. */
export const shownUser = (user: User) => ({
  userId: user.id,
  email: user.email,
  name: user.name,
  role: storedRole(user),
  createdAt: isoTime(user.createdAtMs),
  suspendedAt: isoTimeOrNull(user.suspendedAtMs),
});
