"use server";

import { type JifenResult, placeHold, settle } from "@jifen/client/server";
import { jifenServer } from "../lib/jifen-server.ts";
import { doWork } from "../lib/pretended-work.ts";
import type { ParamValues } from "../lib/priced-action.ts";
import { readSettling } from "../lib/settling.ts";
import { workOnce } from "../lib/work-once.ts";

/**
 * What is generated. The browser sends it, so that nothing of it is believed: the same parameters are priced by the API,
 * and decide what is done.
 */
type Wanted = {
  readonly action: string;
  readonly params: ParamValues;
  /** The price that the visitor saw. More is never held. */
  readonly quote: { readonly credits: number };
  readonly idempotencyKey: string;
};

/** What a run charged, in credits, and what it used; or why nothing was done: see the texts of these reasons. */
export type Generation =
  | {
      readonly done: {
        readonly used: ParamValues;
        readonly held: number;
        readonly captured: number;
        readonly released: number;
        readonly balance: number;
      };
    }
  | { readonly done?: never; readonly reason: "failed" | "priceChanged" | "ended" };

/**
 * Holds the price of the parameters, does the work once per hold, and charges what it has used. The hold is released when
 * the work fails. Hold, work and charge belong to the key of the press: when it is repeated, they are the same, unless the
 * hold has ended without a charge.
 */
export async function generate({ action, params, quote, idempotencyKey }: Wanted): Promise<JifenResult<Generation>> {
  return settle(async () => {
    const jifen = await jifenServer();
    const settling = await readSettling({ action, params });
    const { holdId, amount: held } = await placeHold(jifen, { action, params, ttlSeconds: 300, idempotencyKey });
    const release = (reason: string) =>
      jifen.holds.release.mutate({ holdId, reason, idempotencyKey: `${holdId}-release` });
    if (held > quote.credits) {
      await release("the price has changed");
      return { reason: "priceChanged" };
    }
    const work = await workOnce(holdId, {
      isOpen: async () => (await jifen.holds.find.query({ holdId })).state === "pending",
      run: () => doWork(settling),
    });
    if (work.state === "ended") return { reason: "ended" };
    if (work.state === "failed") {
      await release("the work failed");
      return { reason: "failed" };
    }
    const { used } = work;
    const usage = Object.keys(used).length === 0 ? {} : { usage: used };
    const charge = { holdId, ...usage, idempotencyKey: `${holdId}-capture` };
    const { captured, released, balance } = await jifen.holds.capture.mutate(charge);
    return { done: { used, held, captured, released, balance } };
  });
}
