import type { Procedures } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { balance } from "./balance.ts";
import { consume } from "./consume.ts";

/** Procedures about credits. */
export const spendingProcedures = (deps: Deps): Procedures["credits"] => ({
  balance: balance(deps),
  consume: consume(deps),
});
