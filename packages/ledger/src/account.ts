import type { Credits } from "./credits.ts";
import { credits } from "./credits.ts";
import type { Grant } from "./grant.ts";
import type { AccountId } from "./ids.ts";
import { invariant } from "./invariant.ts";

/** One account as its row says. */
export type Account = {
  readonly id: AccountId;
  /** What can be spent now. */
  readonly balance: Credits;
  /** What is set aside. */
  readonly held: Credits;
  /** The number of the account's last transaction; 0 before the first. */
  readonly sequence: number;
};

/** An account and the grants that still have something in them. */
export type AccountState = {
  readonly account: Account;
  readonly grants: readonly Grant[];
};

/** An account before its first transaction. */
export const emptyAccount = (id: AccountId): AccountState => ({
  account: { id, balance: credits(0), held: credits(0), sequence: 0 },
  grants: [],
});

/**
 * Holds before and after every command: what can be spent or is set aside is what the grants have left.
 * @throws InvariantError when the row and its grants disagree.
 */
export function assertAccountAgrees(state: AccountState): void {
  const remaining = state.grants.reduce((sum, grant) => sum + grant.remaining, 0);
  const { id, balance, held } = state.account;
  invariant(
    balance + held === remaining,
    `account ${id}: balance ${balance} and held ${held} do not make the ${remaining} left in its grants`,
  );
}
