import * as accounts from "./accounts.ts";

/** The operations on accounts of any user, by noun and verb. */
export const accountsOperations = {
  accounts: {
    explain: accounts.explain,
    find: accounts.find,
    grants: accounts.grants,
    holds: accounts.holds,
    transactions: accounts.transactions,
  },
} as const;
