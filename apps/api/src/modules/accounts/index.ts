import type { Procedures } from "../../trpc/procedure.ts";
import type { Deps } from "./deps.ts";
import { explain } from "./explain.ts";
import { find } from "./find.ts";
import { grants } from "./grants.ts";
import { holds } from "./holds.ts";
import { transactions } from "./transactions.ts";

/** Procedures about the account of any user, for staff. */
export const accountsProcedures = (deps: Deps): Pick<Procedures, "accounts"> => ({
  accounts: {
    explain: explain(deps),
    find: find(deps),
    grants: grants(deps),
    holds: holds(deps),
    transactions: transactions(deps),
  },
});
