import type { Currency } from "./money.ts";

/** What is sold and what it costs. A published version never changes. Decimals are texts: `5.04`. */
export type Catalogue = {
  readonly actions: readonly ActionPrice[];
  readonly multipliers: readonly Multiplier[];
  readonly packs: readonly Pack[];
};

/** The price of an action by its parameters: that of the first row that fits. */
export type ActionPrice = {
  readonly action: string;
  readonly params: Readonly<Record<string, Param>>;
  readonly rows: readonly PriceRow[];
  /** Combinations of choices that are not sold: the other choices may have any value. */
  readonly closed: readonly Readonly<Record<string, readonly string[]>>[];
};

/** A parameter of an action. `settles`: at the capture it can be what was really used. */
export type Param = ChoiceParam | QuantityParam;

/** One of several values. Without a default it must be given. */
export type ChoiceParam = {
  readonly kind: "choice";
  readonly values: readonly string[];
  readonly default?: string | undefined;
  readonly settles?: boolean | undefined;
};

/** A decimal from `min` (0 if left out) to `max`, rounded up to a multiple of `step` (1 if left out). */
export type QuantityParam = {
  readonly kind: "quantity";
  readonly min?: string | undefined;
  readonly max: string;
  readonly step?: string | undefined;
  readonly default?: string | undefined;
  readonly settles?: boolean | undefined;
};

/** Values of a choice, or a range of a quantity: at least `atLeast` and below `below`. */
export type Condition =
  | readonly string[]
  | { readonly atLeast?: string | undefined; readonly below?: string | undefined };

/** Credits: (base + Σ of `per`) × factor, at least `minimum`, rounded up once. */
export type PriceRow = {
  readonly when?: Readonly<Record<string, Condition>> | undefined;
  /** Millionths of a credit. */
  readonly base?: number | undefined;
  readonly per?: readonly UnitPrice[] | undefined;
  /** Whole credits. */
  readonly minimum?: number | undefined;
  /** Must be written for a price of 0. */
  readonly free?: true | undefined;
};

/** The price of one unit of a quantity, in millionths of a credit. */
export type UnitPrice =
  | { readonly unit: string; readonly micro: number }
  | {
      readonly unit: string;
      /** `volume`: all units have the price of the tier that the quantity is in. `graduated`: each tier has its own units. */
      readonly mode: "graduated" | "volume";
      readonly tiers: readonly Tier[];
    };

/** Units up to and including `upTo`; the last tier has no end. */
export type Tier = { readonly upTo?: string | undefined; readonly micro: number };

/** Multiplies the price of an action, or of all; for users of a group, or for all; in a range of time, or always. */
export type Multiplier = {
  readonly action?: string | undefined;
  readonly group?: string | undefined;
  /** Millionths: 900_000 is 90 %. */
  readonly ppm: number;
  /** Epoch milliseconds, inclusive. */
  readonly fromMs?: number | undefined;
  /** Epoch milliseconds, exclusive. */
  readonly toMs?: number | undefined;
};

/** What a refund can return: what is left of the purchased credits, or nothing. */
export type RefundRule = "unused" | "never";

/** Credits for money. */
export type Pack = {
  readonly id: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly credits: number;
  readonly bonusCredits: number;
  readonly prices: readonly { readonly currency: Currency; readonly minor: number }[];
  /** null: the credits never expire. */
  readonly validDays: number | null;
  readonly bonusValidDays: number | null;
  readonly priority: number;
  readonly refund: RefundRule;
  /** Only for users of these price groups. */
  readonly groups?: readonly string[] | undefined;
  /** How often a user can buy it. */
  readonly limitPerUser?: number | undefined;
};

/** The price group of a user who has no other one. */
export const DEFAULT_GROUP = "default";
