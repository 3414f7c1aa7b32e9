/** A catalogue as its document has it. The server has checked it when the draft was created. */
export type Catalogue = {
  readonly actions?: readonly ActionPrice[];
  readonly multipliers?: readonly Multiplier[];
  readonly packs?: readonly Pack[];
};

/** The price of an action by its parameters. */
export type ActionPrice = {
  readonly action: string;
  readonly params?: Readonly<Record<string, Param>>;
  readonly rows: readonly PriceRow[];
  readonly closed?: readonly Readonly<Record<string, readonly string[]>>[];
};

/** A parameter: one of some values, or a quantity. */
export type Param =
  | {
      readonly kind: "choice";
      readonly values: readonly string[];
      readonly default?: string;
      readonly settles?: boolean;
    }
  | {
      readonly kind: "quantity";
      readonly min?: string;
      readonly max: string;
      readonly step?: string;
      readonly default?: string;
      readonly settles?: boolean;
    };

/** Values of a choice, or a range of a quantity. */
export type Condition = readonly string[] | { readonly atLeast?: string; readonly below?: string };

/** A price; the first row that fits counts. Amounts are millionths of a credit. */
export type PriceRow = {
  readonly when?: Readonly<Record<string, Condition>>;
  readonly base?: number;
  readonly per?: readonly UnitPrice[];
  readonly minimum?: number;
  readonly free?: true;
};

/** The price of a unit, the same for all units or by tiers. */
export type UnitPrice =
  | { readonly unit: string; readonly micro: number }
  | {
      readonly unit: string;
      readonly mode: "graduated" | "volume";
      readonly tiers: readonly { readonly upTo?: string; readonly micro: number }[];
    };

/** A factor of prices, in millionths. */
type Multiplier = {
  readonly action?: string;
  readonly group?: string;
  readonly ppm: number;
  readonly from?: string;
  readonly to?: string;
};

/** Credits for money. */
export type Pack = {
  readonly id: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly credits: number;
  readonly bonusCredits?: number;
  readonly prices: readonly { readonly currency: string; readonly minor: number }[];
  readonly validDays?: number | null;
  readonly bonusValidDays?: number | null;
  readonly refund?: "unused" | "never";
  readonly groups?: readonly string[];
  readonly limitPerUser?: number;
};
