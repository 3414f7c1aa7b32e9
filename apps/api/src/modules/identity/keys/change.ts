import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { isoTime, isoTimeOrNull } from "../../../values/iso-time.ts";
import { parseTime } from "../../../values/parse-time.ts";
import { principalOf } from "../credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { requireConfirmationForKey } from "../session/require-confirmation-for-key.ts";
import { changeKey } from "../use-cases/change-key.ts";
import { storedScopes } from "../users/stored-names.ts";

/** Renames a service key, takes scopes from it or lets it expire sooner. */
export const change = (deps: Deps) =>
  implement(operations.keys.change, async ({ input, caller, requestId }) => {
    const by = principalOf(caller, requestId);
    const confirmed = await requireConfirmationForKey(deps, { caller, by, keyId: input.keyId });
    if (!confirmed.ok) return confirmed;
    const { expiresAt, ...wanted } = input;
    const changed = await changeKey(deps, { ...wanted, expiresAtMs: parseTime(expiresAt) }, by);
    if (!changed.ok) return changed;
    const key = changed.value;
    return ok({
      keyId: key.id,
      name: key.name,
      scopes: storedScopes(key),
      ownerId: key.ownerId,
      createdAt: isoTime(key.createdAtMs),
      expiresAt: isoTimeOrNull(key.expiresAtMs),
      grantLimitPerDay: key.grantLimitPerDay,
    });
  });
