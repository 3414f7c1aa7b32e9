import type { Deps } from "../../../deps.ts";
import type { Procedures } from "../../../trpc/procedure.ts";
import { balance } from "./balance.ts";
import { consume } from "./consume.ts";

/** Procedures about credits. */
export const creditsProcedures = (deps: Deps): Procedures["credits"] => ({
  balance: balance(deps),
  consume: consume(deps),
});
