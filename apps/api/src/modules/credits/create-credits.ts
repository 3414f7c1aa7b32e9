import type { Database } from "@jifen/database";
import type { Settings } from "../../settings/settings.ts";
import type { Deps, StreamDeps } from "./deps.ts";

/** What the credits module is built from. */
type CreditsParts = Omit<
  Deps & StreamDeps,
  "database" | "grantLimits" | "isSelfGrantAllowed" | "lowBalance" | "spend" | "timeZone"
> & {
  readonly settings: Settings;
  readonly database: Database;
};

/** Builds the dependencies of the credits module. */
export const createCredits = <Parts extends CreditsParts>({ settings, database, ...parts }: Parts) => {
  const { isSelfGrantAllowed, lowBalance, timeZone } = settings;
  return { ...parts, database, grantLimits: database, spend: database.spend, isSelfGrantAllowed, lowBalance, timeZone };
};
