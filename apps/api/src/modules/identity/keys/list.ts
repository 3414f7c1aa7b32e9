import { operations } from "@jifen/contract";
import { ok, refuse, userId } from "@jifen/core";
import type { ServiceKey } from "@jifen/database";
import { implement } from "../../../trpc/procedure.ts";
import { keyCursor, pageOf } from "../../../values/cursor.ts";
import { isoTime, isoTimeOrNull } from "../../../values/iso-time.ts";
import { shownPart } from "../credentials/service-key.ts";
import type { Deps } from "../deps.ts";
import { storedScopes } from "../users/stored-names.ts";
import { canManageOtherKeys } from "./can-manage-keys.ts";

/** The keys of one owner, and nothing that would open anything. */
export const list = ({ database, userCache }: Deps) =>
  implement(operations.keys.list, async ({ input, caller }) => {
    const before = keyCursor.read(input.cursor);
    if (!before.ok) return before;
    const callerId = caller.key?.ownerId ?? caller.userId;
    const ownerId = input.userId === undefined ? callerId : userId(input.userId);
    if (ownerId !== callerId && !canManageOtherKeys(caller))
      return refuse({ code: "FORBIDDEN", roles: ["admin"], scope: null });
    if (!(await userCache.find(ownerId))) return refuse({ code: "USER_NOT_FOUND" });
    const keys = await database.keys.list(ownerId, { limit: input.limit + 1, before: before.value });
    const { page, nextCursor } = pageOf(keys, input.limit, keyCursor.write);
    return ok({ items: page.map(shown), nextCursor });
  });

const shown = (key: ServiceKey) => ({
  keyId: key.id,
  prefix: shownPart(key.id),
  name: key.name,
  scopes: storedScopes(key),
  ownerId: key.ownerId,
  createdBy: key.createdBy,
  createdAt: isoTime(key.createdAtMs),
  expiresAt: isoTimeOrNull(key.expiresAtMs),
  previousUntil: isoTimeOrNull(key.previousUntilMs),
  revokedAt: isoTimeOrNull(key.revokedAtMs),
  lastUsedAt: isoTimeOrNull(key.lastUsedAtMs),
});
