import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { isoTime } from "../../../values/iso-time.ts";
import { principalOf } from "../credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { requireConfirmationForKey } from "../session/require-confirmation-for-key.ts";
import { rotateKey } from "../use-cases/rotate-key.ts";

/** Replaces the secret of a service key. */
export const rotate = (deps: Deps) =>
  implement(operations.keys.rotate, async ({ input, caller, requestId }) => {
    const by = principalOf(caller, requestId);
    const confirmed = await requireConfirmationForKey(deps, { caller, by, keyId: input.keyId });
    if (!confirmed.ok) return confirmed;
    const rotated = await rotateKey(deps, input, by);
    if (!rotated.ok) return rotated;
    const { text, previousUntilMs } = rotated.value;
    return ok({ keyId: input.keyId, key: text, previousUntil: isoTime(previousUntilMs) });
  });
