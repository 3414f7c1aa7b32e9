import type { Procedures } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { balance } from "./balance.ts";
import { consume } from "./consume.ts";
import { usage } from "./usage.ts";

/** Procedures that spend and read the balance. */
export const spendingProcedures = (deps: Deps): Procedures["credits"] => ({
  balance: balance(deps),
  consume: consume(deps),
  usage: usage(deps),
});
