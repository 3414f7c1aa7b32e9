import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { isoTimeOrNull } from "../../../values/iso-time.ts";
import { principalOf } from "../../identity/credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { redeemCode } from "../use-cases/redeem-code.ts";

/** Redeems a code for the caller. */
export const redeem = (deps: Deps) =>
  implement(operations.codes.redeem, async ({ input, caller, requestId, address }) => {
    const from = caller.kind === "user" ? await address() : undefined;
    const redemption = { userId: caller.userId, code: input.code, address: from };
    const redeemed = await redeemCode(deps, redemption, principalOf(caller, requestId));
    if (!redeemed.ok) return redeemed;
    const { expiresAtMs, ...granted } = redeemed.value;
    return ok({ ...granted, expiresAt: isoTimeOrNull(expiresAtMs) });
  });
