import { cachedFor } from "../../http/metrics/cached-for.ts";
import type { Deps } from "./deps.ts";

/** How long what all accounts have is kept: reading it costs one row for each account. */
const FRESH_MS = 10_000;

/** Builds the dependencies of the numbers. */
export const createStats = (
  { timeZone }: Pick<Deps, "timeZone">,
  { database, nowMs }: Pick<Deps, "database" | "nowMs">,
): Deps => ({
  ...{ database, nowMs, timeZone },
  outstanding: cachedFor(FRESH_MS, () => database.allAccounts.outstanding()),
});
