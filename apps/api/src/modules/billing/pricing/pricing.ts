import {
  type ActionNotPriced,
  type ActionPrice,
  DEFAULT_GROUP,
  factorText,
  findAction,
  type GivenParams,
  type ParamsNotPriced,
  type Price,
  type PriceLine,
  parseFactor,
  priceOf,
  priceWith,
  resolveParams,
  withUsage,
} from "@jifen/billing";
import type { Refusal } from "@jifen/contract";
import { type Credits, invariant, type Outcome, ok, refuse, type UserId } from "@jifen/core";
import type { UserCache } from "../../identity/credentials/user-cache.ts";
import type { Catalogues } from "../catalogue/catalogues.ts";
import type { PricePin } from "./price-pin.ts";

/** What an action costs, and what has to be known to price it in the same way again. */
type Priced = { readonly credits: Credits; readonly lines: readonly PriceLine[]; readonly pin: PricePin };

/** An action with its parameters, as a caller sends it. */
type ActionRequest = { readonly action: string; readonly params: GivenParams };

type Resolved = ReturnType<typeof resolveParams>;

type NotPriced = Refusal<"ACTION_NOT_PRICED" | "PARAMS_NOT_PRICED">;

/** Prices by the catalogue. Every method rejects with DatabaseUnavailable when the catalogue cannot be read. */
export type Pricing = {
  /** The price now, for a user, and the time by the database's clock. Refuses, in this order: ACTION_NOT_PRICED, PARAMS_NOT_PRICED. */
  price(
    request: ActionRequest & { readonly userId: UserId },
  ): Promise<Outcome<Priced & { readonly nowMs: number }, NotPriced>>;
  /** The price by the version, the group and the factor of an earlier price. Refuses as `price`. */
  priceAs(pin: PricePin, request: ActionRequest): Promise<Outcome<Priced, NotPriced>>;
  /** The price of what was really used, by the version and the factor of an earlier price. Refuses as `price`. */
  settle(
    pin: PricePin,
    used: { readonly action: string; readonly usage: GivenParams },
  ): Promise<Outcome<Priced, NotPriced>>;
  /** How an earlier price was computed; undefined when its version does not price it, or is not in this database. */
  explain(pin: PricePin, action: string): Promise<Price | undefined>;
  /** Whether PRICED_ACTIONS=enforce. */
  readonly arePricesEnforced: boolean;
  /** Whether callers cannot name the amount of this action: PRICED_ACTIONS=enforce, and the catalogue prices it. */
  isEnforced(action: string): Promise<boolean>;
  /** The time by the database's clock, epoch milliseconds. */
  nowMs(): Promise<number>;
};

/** What prices are computed from. */
type PricingDeps = {
  readonly catalogues: Pick<Catalogues, "inForce" | "version">;
  readonly userCache: Pick<UserCache, "find">;
  readonly arePricesEnforced: boolean;
};

/** Creates the prices of this process. */
export function createPricing({ catalogues, userCache, arePricesEnforced }: PricingDeps): Pricing {
  const actionOf = async ({ v }: PricePin, action: string) => {
    const pinned = await catalogues.version(v);
    invariant(pinned !== undefined, `version ${v} of the catalogue is missing`);
    return findAction(pinned.catalogue, action);
  };

  /** The price of an action by the version and the factor of an earlier price. */
  const priceByPin = async (pin: PricePin, action: string, resolve: (found: ActionPrice) => Resolved) => {
    const found = await actionOf(pin, action);
    if (!found.ok) return found;
    const resolved = resolve(found.value);
    if (!resolved.ok) return resolved;
    const price = priceWith(found.value, resolved.value, parseFactor(pin.f));
    if (!price.ok) return refuse(notTooHigh(price.refusal));
    const { credits, lines } = price.value;
    return ok({ credits, lines, resolved: resolved.value });
  };

  return {
    arePricesEnforced,

    price: async ({ userId, action, params }) => {
      const { found, nowMs } = await catalogues.inForce();
      if (!found) return refuse({ code: "ACTION_NOT_PRICED" });
      const group = (await userCache.find(userId))?.priceGroup ?? DEFAULT_GROUP;
      const price = priceOf(found.catalogue, { action, params, group, nowMs });
      if (!price.ok) return refuse(notTooHigh(price.refusal));
      const { credits, lines, factor, params: resolved } = price.value;
      return ok({ credits, lines, nowMs, pin: { v: found.version, p: resolved, g: group, f: factorText(factor) } });
    },

    priceAs: async (pin, { action, params }) => {
      const priced = await priceByPin(pin, action, (found) => resolveParams(found, params));
      if (!priced.ok) return priced;
      const { resolved, ...price } = priced.value;
      return ok({ ...price, pin: { v: pin.v, p: resolved, g: pin.g, f: pin.f } });
    },

    settle: async (pin, { action, usage }) => {
      const priced = await priceByPin(pin, action, (found) => withUsage(found, pin.p, usage));
      if (!priced.ok) return priced;
      const { resolved, ...price } = priced.value;
      return ok({ ...price, pin: { ...pin, s: changedIn(pin.p, resolved) } });
    },

    explain: async (pin, action) => {
      const pinned = await catalogues.version(pin.v);
      const found = pinned && findAction(pinned.catalogue, action);
      if (!found?.ok) return undefined;
      const params = resolveParams(found.value, { ...pin.p, ...pin.s });
      const price = params.ok ? priceWith(found.value, params.value, parseFactor(pin.f)) : params;
      return price.ok ? price.value : undefined;
    },

    isEnforced: async (action) => {
      if (!arePricesEnforced) return false;
      const { found } = await catalogues.inForce();
      return found !== undefined && findAction(found.catalogue, action).ok;
    },

    nowMs: async () => (await catalogues.inForce()).nowMs,
  };
}

/** A catalogue with a price above what a command can take is not published. */
function notTooHigh(refusal: NotPriced | ActionNotPriced | ParamsNotPriced | { code: "PRICE_TOO_HIGH" }): NotPriced {
  invariant(refusal.code !== "PRICE_TOO_HIGH", "a published catalogue has a price above the limit");
  return refusal;
}

/** The values that differ: those of the other parameters are stored already. */
const changedIn = (before: PricePin["p"], after: PricePin["p"]): PricePin["p"] =>
  Object.fromEntries(Object.entries(after).filter(([name, value]) => before[name] !== value));
