import { bilingual, operations, type Refusal } from "@jifen/contract";
import { ok, refuse, userId } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { isoTime, isoTimeOrNull } from "../../../values/iso-time.ts";
import type { Deps } from "../deps.ts";
import { issueKey } from "../use-cases/issue-key.ts";
import { canManageOtherKeys } from "./can-manage-keys.ts";
import { lastsAsLong, scopesExceeding } from "./key-permissions.ts";

/** Makes a service key that may no more than its maker and its owner may. */
export const create = (deps: Deps) =>
  implement(operations.keys.create, async ({ input, caller, requestId }) => {
    const { userCache, nowMs } = deps;
    const makerId = caller.key?.ownerId ?? caller.userId;
    const ownerId = input.userId === undefined ? makerId : userId(input.userId);
    if (ownerId !== makerId && !canManageOtherKeys(caller))
      return refuse({ code: "FORBIDDEN", roles: ["admin"], scope: null });
    const owner = await userCache.find(ownerId);
    if (!owner) return refuse({ code: "USER_NOT_FOUND" });
    const tooMuch = scopesExceeding(input.scopes, { ownerRole: owner.role, maker: caller });
    if (tooMuch.length > 0) return refuse({ code: "SCOPE_NOT_GRANTABLE", scopes: tooMuch });
    const expiresAtMs = input.expiresAt === undefined ? null : Date.parse(input.expiresAt);
    if (expiresAtMs !== null && expiresAtMs <= nowMs()) return refuse(alreadyOver);
    if (caller.key && !lastsAsLong(caller.key.expiresAtMs, expiresAtMs)) return refuse(tooLong);
    const { name, scopes } = input;
    const by = { actor: caller.actor, requestId };
    const issued = await issueKey(deps, { ownerId, name, scopes, expiresAtMs }, by);
    if (!issued.ok) return issued;
    const { text, key } = issued.value;
    return ok({
      keyId: key.id,
      key: text,
      name,
      scopes,
      ownerId,
      createdAt: isoTime(key.createdAtMs),
      expiresAt: isoTimeOrNull(expiresAtMs),
    });
  });

const wrongExpiry = (zh: string, en: string): Refusal<"VALIDATION_FAILED"> => ({
  code: "VALIDATION_FAILED",
  issues: [{ path: "expiresAt", message: bilingual({ zh, en }) }],
});

const alreadyOver = wrongExpiry("必须晚于现在", "must be in the future");
const tooLong = wrongExpiry("不能晚于创建它的密钥的到期时间", "must not be later than that of the key that makes it");
