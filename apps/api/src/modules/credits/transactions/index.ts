import type { Procedures } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { find } from "./find.ts";
import { list } from "./list.ts";

/** Procedures about transactions. */
export const transactionsProcedures = (deps: Deps): Procedures["transactions"] => ({
  find: find(deps),
  list: list(deps),
});
