import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { isoTime } from "../../../values/iso-time.ts";
import { principalOf } from "../credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { revokeKey } from "../use-cases/revoke-key.ts";

/** Revokes a service key for good. */
export const revoke = (deps: Deps) =>
  implement(operations.keys.revoke, async ({ input, caller, requestId }) => {
    const revoked = await revokeKey(deps, input, principalOf(caller, requestId));
    return revoked.ok ? ok({ keyId: input.keyId, revokedAt: isoTime(revoked.value.revokedAtMs) }) : revoked;
  });
