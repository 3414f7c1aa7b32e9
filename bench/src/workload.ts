/** What every consume spends. */
export const AMOUNT = 5;

/** How many users there are, each with an account; the first one is the hot account. */
export const USERS = 10_000;

/** What each has: more than a run can spend. */
export const GRANTED = 1_000_000_000;

/** Whether everybody spends from one account or each from their own. */
export type Spread = "one account" | "10,000 accounts";

/** Both. */
export const spreads: readonly Spread[] = ["one account", "10,000 accounts"];

/** How many accounts that is. */
export const accountsOf = (spread: Spread): number => (spread === "one account" ? 1 : USERS);

/** The address of a user, 1 to USERS. */
export const emailOf = (user: number): string => `user${user}@bench.example`;
