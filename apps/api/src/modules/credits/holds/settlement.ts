import type { JsonObject, Refusal } from "@jifen/contract";
import { type Credits, credits, type HoldId, type Outcome, ok, refuse } from "@jifen/core";
import type { Hold } from "@jifen/ledger";
import { type PricePin, pinIn, withoutPin, withPin } from "../../billing/pricing/price-pin.ts";
import type { Caller } from "../../identity/credentials/caller.ts";
import { callerCommand } from "../caller-command.ts";
import type { Deps } from "../deps.ts";
import { metadataOf, metadataText } from "../metadata.ts";
import { isAdmin } from "../priced-command.ts";

/** What a capture charges: all of the hold if `amount` is null, and nothing if it is 0. */
export type Settlement = {
  readonly amount: Credits | null;
  /** Of the charge; that of the hold if null. */
  readonly metadata: string | null;
  /** The price of what was used, and what of it is above the held amount; undefined without usage. */
  readonly used: { readonly action: string; readonly price: Credits; readonly uncharged: Credits } | undefined;
};

type CaptureRequest = {
  readonly input: {
    readonly amount?: number | undefined;
    readonly usage?: Readonly<Record<string, string | number>> | undefined;
    readonly metadata?: JsonObject | undefined;
  };
  readonly caller: Caller;
  readonly requestId: string;
  readonly idempotencyKey: string | undefined;
};

type SettlementRefusal = Refusal<
  "HOLD_NOT_FOUND" | "NOT_PRICED" | "ACTION_NOT_PRICED" | "PARAMS_NOT_PRICED" | "AMOUNT_NOT_ACCEPTED"
>;

type SettlementDeps = Pick<Deps, "database" | "pricing">;

/**
 * What a capture charges. A hold never changes its price, so a retry has the same settlement. A capture without usage and
 * metadata is not looked up: the ledger knows the hold.
 * Refuses, in this order: HOLD_NOT_FOUND, AMOUNT_NOT_ACCEPTED, NOT_PRICED, PARAMS_NOT_PRICED.
 */
export async function settlementOf(
  deps: SettlementDeps,
  holdId: HoldId,
  request: CaptureRequest,
): Promise<Outcome<Settlement, SettlementRefusal>> {
  const { amount, usage, metadata } = request.input;
  const isNamedOnly = usage === undefined && (amount === undefined || !deps.pricing.arePricesEnforced);
  if (isNamedOnly && metadata === undefined) return ok({ amount: toCredits(amount), metadata: null, used: undefined });
  const { accountId } = callerCommand(request);
  const hold = await deps.database.history.hold(accountId, holdId);
  if (!hold) return refuse({ code: "HOLD_NOT_FOUND" });
  const pin = pinIn(metadataOf(hold.metadata));
  if (usage !== undefined)
    return pin ? settleUsage(deps, { hold, pin, usage, metadata }) : refuse({ code: "NOT_PRICED" });
  const isNamed = pin !== undefined && amount !== undefined && deps.pricing.arePricesEnforced;
  if (isNamed && !isAdmin(request.caller)) return refuse({ code: "AMOUNT_NOT_ACCEPTED" });
  const own = metadata && (pin ? withPin(metadata, pin) : metadata);
  return ok({ amount: toCredits(amount), metadata: metadataText(own), used: undefined });
}

const toCredits = (amount: number | undefined): Credits | null => (amount === undefined ? null : credits(amount));

/** What was used, of a hold that was priced. */
type Usage = {
  readonly hold: Hold;
  readonly pin: PricePin;
  readonly usage: Readonly<Record<string, string | number>>;
  readonly metadata: JsonObject | undefined;
};

/** The price of what was used, at most what is held: a customer never pays more than was set aside. */
async function settleUsage(
  { pricing }: SettlementDeps,
  { hold, pin, usage, metadata }: Usage,
): Promise<Outcome<Settlement, SettlementRefusal>> {
  const settled = await pricing.settle(pin, { action: hold.action, usage });
  if (!settled.ok) return settled;
  const { credits: price, pin: settledPin } = settled.value;
  const amount = credits(Math.min(price, hold.amount));
  const own = metadata ?? withoutPin(metadataOf(hold.metadata));
  return ok({
    amount,
    metadata: metadataText(withPin(own, settledPin)),
    used: { action: hold.action, price, uncharged: credits(price - amount) },
  });
}
