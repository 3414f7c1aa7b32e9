import { createJifenClient, isJifenError, type JifenError } from "@jifen/client";
import { basePath } from "./base.ts";
import { language } from "./language.ts";

let userId: string | undefined;

/**
 * The client of all pages: the session is in a cookie that scripts cannot read. Another tab can put the session of another
 * user there, so each call says for whom it is, and the server refuses it with USER_MISMATCH. `session.current` counts the
 * cookie alone.
 */
export const jifen = createJifenClient({
  ...{ url: basePath.replace(/\/$/, ""), session: true, language },
  // Read before each request.
  get userId() {
    return userId;
  },
});

/** Notes the user of the pages. Returns whether it is another one than the user whose data they have read. */
export function noteUser(current: string | undefined): boolean {
  const isOther = userId !== undefined && current !== undefined && current !== userId;
  if (!isOther) userId = current ?? userId;
  return isOther;
}

/** The error of a call. Anything else is a defect of a page and is thrown on. */
export function toJifenError(error: unknown): JifenError | null {
  if (error === null || error === undefined) return null;
  if (isJifenError(error)) return error;
  throw error;
}
