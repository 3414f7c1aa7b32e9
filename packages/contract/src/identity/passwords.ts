import { z } from "zod";
import { zText } from "../primitives.ts";

/** A password that is set. */
export const zNewPassword = zText(1024).meta({
  description: "At least 10 characters (the operator can require more), at most 72 bytes, and not a common password.",
});

/** A password that replaces another. */
export const zPasswordChange = z.strictObject({ currentPassword: zText(1024), newPassword: zNewPassword });
