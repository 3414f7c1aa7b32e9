/** Credits that one consume spends. */
export const AMOUNT = 5;

/** Number of users, each with one account. User 1 owns the hot account. */
export const USERS = 10_000;

/** Credits of each account: more than a run can spend. */
export const GRANTED = 1_000_000_000;

/** Whether all callers spend from one account, or from accounts chosen at random. */
export type Spread = "one account" | "10,000 accounts";

/** Both spreads. */
export const spreads: readonly Spread[] = ["one account", "10,000 accounts"];

/** The number of accounts of a spread. */
export const accountsOf = (spread: Spread): number => (spread === "one account" ? 1 : USERS);

/** An account of the spread, 1 to USERS, chosen at random. */
export const randomAccount = (spread: Spread): number => 1 + Math.floor(Math.random() * accountsOf(spread));

/** The e-mail address of a user, 1 to USERS. */
export const emailOf = (user: number): string => `user${user}@bench.example`;

/** A number as the tables and sentences print it: 1,024. */
export const number = (value: number): string => value.toLocaleString("en");
