import { operations } from "@jifen/contract";
import { ok, userId } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { isoTime, isoTimeOrNull } from "../../../values/iso-time.ts";
import { parseTime } from "../../../values/parse-time.ts";
import { principalOf } from "../credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { requireConfirmationForScopes } from "../session/require-confirmation.ts";
import { createKey } from "../use-cases/create-key.ts";

/** Creates a service key. */
export const create = (deps: Deps) =>
  implement(operations.keys.create, async ({ input, caller, requestId }) => {
    const { name, scopes, grantLimitPerDay } = input;
    const confirmed = requireConfirmationForScopes(caller, scopes, deps.nowMs());
    if (!confirmed.ok) return confirmed;
    const ownerId = input.userId === undefined ? undefined : userId(input.userId);
    const expiresAtMs = parseTime(input.expiresAt) ?? null;
    const request = { ownerId, name, scopes, expiresAtMs, grantLimitPerDay };
    const created = await createKey(deps, request, principalOf(caller, requestId));
    if (!created.ok) return created;
    const { text, key } = created.value;
    return ok({
      keyId: key.id,
      key: text,
      name,
      scopes,
      ownerId: key.ownerId,
      createdAt: isoTime(key.createdAtMs),
      expiresAt: isoTimeOrNull(expiresAtMs),
      grantLimitPerDay: grantLimitPerDay ?? null,
    });
  });
