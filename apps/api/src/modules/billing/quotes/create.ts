import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { isoTime } from "../../../values/iso-time.ts";
import type { Deps } from "../deps.ts";

/** Prices an action and signs the price. */
export const create = ({ pricing, quoteTokens, quoteMinutes }: Deps) =>
  implement(operations.quotes.create, async ({ input: { action, params }, caller: { userId } }) => {
    const priced = await pricing.price({ userId, action, params });
    if (!priced.ok) return priced;
    const { credits, lines, pin, nowMs } = priced.value;
    // Tokens count whole seconds.
    const expiresAtMs = (Math.floor(nowMs / 1_000) + quoteMinutes * 60) * 1_000;
    return ok({
      ...{ credits, lines: [...lines], catalogueVersion: pin.v, expiresAt: isoTime(expiresAtMs) },
      quote: await quoteTokens.sign({ userId, action, credits, pin, expiresAtMs }),
    });
  });
