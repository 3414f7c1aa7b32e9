import { setTimeout } from "node:timers/promises";
import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";
import type { Logger } from "pino";
import { RefusalError } from "./http/refusal-error.ts";
import type { Deps as IdentityDeps } from "./modules/identity/deps.ts";
import { applyWhitelist, type WhitelistEntry } from "./modules/identity/use-cases/apply-whitelist.ts";

const RETRY_MS = 1_000;

/** What the whitelist is applied with. */
type Options = {
  readonly identity: IdentityDeps;
  readonly settings: { readonly whitelist: readonly WhitelistEntry[]; readonly initialCredits: number };
  readonly log: Logger;
  /** Aborted when the server stops. */
  readonly signal: AbortSignal;
};

/**
 * Applies USER_WHITELIST beside the requests that the server serves already. Retries while the database does not answer
 * or logins fill the queue of password hashes: an entry that was applied before is left as it is.
 * @returns how many users were created and updated; undefined when the server stopped first.
 */
export async function provisionWhitelist({
  identity,
  settings: { whitelist, initialCredits },
  log,
  signal,
}: Options): Promise<Awaited<ReturnType<typeof applyWhitelist>> | undefined> {
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      return await applyWhitelist(identity, whitelist, initialCredits);
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!isTemporary(error)) throw error;
      if (attempt === 1) log.warn({ err: error }, "USER_WHITELIST could not be applied; it will be tried again");
      await setTimeout(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}

const isTemporary = (error: unknown): boolean =>
  error instanceof DatabaseUnavailable ||
  error instanceof OutcomeUnknown ||
  (error instanceof RefusalError && error.refusal.code === "OVERLOADED");
