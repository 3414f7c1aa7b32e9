import type { Records } from "../records/records.ts";
import type { AllAccountsReads } from "./all-accounts-reads.ts";

/** What all accounts have at this moment. */
export type Outstanding = {
  /** Whole credits that can be spent. Expirations that are not processed yet are in it. */
  readonly balance: number;
  /** Whole credits in holds. */
  readonly held: number;
  /** Pending holds, up to `MAX_OPEN_HOLDS`. */
  readonly openHolds: number;
};

/** Pending holds beyond these are not counted. */
const MAX_OPEN_HOLDS = 10_000;

/** What all accounts have together, and had. Rejects with DatabaseUnavailable when the database cannot be reached. */
export type AllAccountsStore = AllAccountsReads & {
  /** It reads one row for each account. */
  outstanding(): Promise<Outstanding>;
  /** Pending holds of all accounts, up to `MAX_OPEN_HOLDS`. */
  countOpenHolds(): Promise<number>;
};

/** The sums over all accounts on any database. */
export const createAllAccountsStore = (records: Records, reads: AllAccountsReads): AllAccountsStore => {
  const countOpenHolds = () => records.count("holds", { state: "pending" }, MAX_OPEN_HOLDS);
  return {
    ...reads,
    outstanding: async () => {
      const [balance, held, openHolds] = await Promise.all([
        records.sum("accounts", "balance", { where: {} }),
        records.sum("accounts", "held", { where: {} }),
        countOpenHolds(),
      ]);
      return { balance, held, openHolds };
    },
    countOpenHolds,
  };
};
