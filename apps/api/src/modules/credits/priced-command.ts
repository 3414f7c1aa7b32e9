import type { JsonObject, Refusal } from "@jifen/contract";
import { type Credits, credits, type Outcome, ok, refuse } from "@jifen/core";
import type { Entry } from "@jifen/ledger";
import { invalidField } from "../../values/invalid-field.ts";
import { isoTime } from "../../values/iso-time.ts";
import { type PricePin, pinIn, withPin } from "../billing/pricing/price-pin.ts";
import type { Caller } from "../identity/credentials/caller.ts";
import { callerCommand } from "./caller-command.ts";
import type { Deps } from "./deps.ts";
import { metadataOf, metadataText } from "./metadata.ts";

/** What a command charges, and the metadata that it stores. */
type Charge = { readonly amount: Credits; readonly metadata: string | null };

/** The ways to say what a command charges: one of them is given. */
type ChargeInput = {
  readonly action: string;
  readonly amount?: number | undefined;
  readonly params?: Readonly<Record<string, string | number>> | undefined;
  readonly quote?: string | undefined;
  readonly metadata?: JsonObject | undefined;
};

/** A request to charge. */
type ChargeRequest = {
  readonly input: ChargeInput;
  readonly caller: Caller;
  readonly requestId: string;
  readonly idempotencyKey: string | undefined;
};

type PricedDeps = Pick<Deps, "database" | "pricing" | "quoteTokens">;

/** Why a request has no price. */
type ChargeRefusal = Refusal<
  | "VALIDATION_FAILED"
  | "ACTION_NOT_PRICED"
  | "PARAMS_NOT_PRICED"
  | "NOTHING_TO_CHARGE"
  | "QUOTE_EXPIRED"
  | "AMOUNT_NOT_ACCEPTED"
>;

/** Refusals after which an earlier request with the same key may have been executed, by another version or before an end. */
const retryable: ReadonlySet<string> = new Set([
  ...["IDEMPOTENCY_KEY_REUSED", "ACTION_NOT_PRICED", "PARAMS_NOT_PRICED", "NOTHING_TO_CHARGE"],
  ...["QUOTE_EXPIRED", "AMOUNT_NOT_ACCEPTED"],
]);

/**
 * Runs a command with what it charges. A retry charges what its first request did, whatever is in force by now: when the
 * request is refused and its key has an entry, the command runs again with the price of this entry, and the ledger
 * recognises the retry, or another request. A request that names its amount is run as it is.
 * Refuses what cannot be priced, then what `run` refuses.
 */
export function runPriced<Value, Refused extends { readonly code: string }>(
  deps: PricedDeps,
  request: ChargeRequest,
  run: Run<Value, Refused>,
): Promise<Outcome<Value, Refused | ChargeRefusal>> {
  const { amount } = request.input;
  if (amount !== undefined && !deps.pricing.arePricesEnforced) return run(namedCharge(request.input, amount));
  return runWithPrice(deps, request, run);
}

/** Runs a command with what it charges. */
type Run<Value, Refused> = (charge: Charge) => Promise<Outcome<Value, Refused>>;

async function runWithPrice<Value, Refused extends { readonly code: string }>(
  deps: PricedDeps,
  request: ChargeRequest,
  run: Run<Value, Refused>,
): Promise<Outcome<Value, Refused | ChargeRefusal>> {
  const charge = await chargeOf(deps, request);
  const outcome = charge.ok ? await run(charge.value) : charge;
  // A retry that names its amount is recognised by the ledger.
  const isNamed = charge.ok && request.input.amount !== undefined;
  if (outcome.ok || isNamed || !retryable.has(outcome.refusal.code)) return outcome;
  const former = await formerCharge(deps, request);
  return former ? run(former) : outcome;
}

/**
 * What a request charges now. Refuses, in this order: AMOUNT_NOT_ACCEPTED for an amount; VALIDATION_FAILED and QUOTE_EXPIRED
 * for a quote; ACTION_NOT_PRICED and PARAMS_NOT_PRICED for parameters; NOTHING_TO_CHARGE.
 */
async function chargeOf(deps: PricedDeps, { input, caller }: ChargeRequest): Promise<Outcome<Charge, ChargeRefusal>> {
  if (input.amount !== undefined) {
    const isRefused = !isAdmin(caller) && (await deps.pricing.isEnforced(input.action));
    return isRefused ? refuse({ code: "AMOUNT_NOT_ACCEPTED" }) : ok(namedCharge(input, input.amount));
  }
  const { action, params, quote, metadata } = input;
  if (quote === undefined) {
    const priced = await deps.pricing.price({ userId: caller.userId, action, params: params ?? {} });
    return priced.ok ? pricedCharge(priced.value, metadata) : priced;
  }
  const read = await readQuote(deps, { quote, action, caller });
  if (!read.ok) return read;
  const { expiresAtMs } = read.value;
  if ((await deps.pricing.nowMs()) >= expiresAtMs) {
    return refuse({ code: "QUOTE_EXPIRED", expiredAt: isoTime(expiresAtMs) });
  }
  return pricedCharge(read.value, metadata);
}

/** Whether a caller can name the amount of a priced action. */
export const isAdmin = ({ role, scopes }: Pick<Caller, "role" | "scopes">): boolean =>
  scopes === null ? role === "admin" : scopes.has("admin");

const namedCharge = ({ metadata }: ChargeInput, amount: number): Charge => ({
  amount: credits(amount),
  metadata: metadataText(metadata),
});

function pricedCharge(
  { credits: amount, pin }: { readonly credits: Credits; readonly pin: PricePin },
  metadata: JsonObject | undefined,
): Outcome<Charge, Refusal<"NOTHING_TO_CHARGE">> {
  if (amount === 0) return refuse({ code: "NOTHING_TO_CHARGE" });
  return ok({ amount, metadata: metadataText(withPin(metadata, pin)) });
}

async function readQuote(
  { quoteTokens }: PricedDeps,
  { quote, action, caller }: { readonly quote: string; readonly action: string; readonly caller: Caller },
) {
  const read = await quoteTokens.verify(quote, { userId: caller.userId, action });
  return read.ok
    ? read
    : invalidField("quote", {
        zh: "必须是同一用户、同一操作的报价，原样传回",
        en: "must be the unchanged quote for this user and this action",
      });
}

/** What the request that has this key charged; undefined when there is none, or it cannot have been the same request. */
async function formerCharge(deps: PricedDeps, request: ChargeRequest): Promise<Charge | undefined> {
  const { input } = request;
  const { accountId, idempotencyKey } = callerCommand(request);
  const entry = idempotencyKey && (await deps.database.history.entryByKey(accountId, idempotencyKey));
  if (!entry) return undefined;
  if (input.amount !== undefined) return namedCharge(input, input.amount);
  const priced = await priceOfEntry(deps, entry, request);
  const charge = priced && pricedCharge(priced, input.metadata);
  return charge?.ok ? charge.value : undefined;
}

/** The price of a request as that of an entry was computed. */
async function priceOfEntry(deps: PricedDeps, entry: Entry, { input, caller }: ChargeRequest) {
  const { action, params, quote } = input;
  if (quote !== undefined) {
    const read = await readQuote(deps, { quote, action, caller });
    return read.ok ? read.value : undefined;
  }
  const pin = pinIn(metadataOf(entry.metadata));
  const priced = pin && (await deps.pricing.priceAs(pin, { action, params: params ?? {} }));
  return priced?.ok ? priced.value : undefined;
}
