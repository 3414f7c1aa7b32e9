import { roles } from "@jifen/contract";
import type { User } from "@jifen/database";
import { isoTime, isoTimeOrNull } from "../iso-time.ts";

/** A user as staff see one. */
export const shownUser = ({ id, email, name, role, createdAtMs, suspendedAtMs }: User) => ({
  userId: id,
  email,
  name,
  role: roles.find((each) => each === role) ?? "user",
  createdAt: isoTime(createdAtMs),
  suspendedAt: isoTimeOrNull(suspendedAtMs),
});
