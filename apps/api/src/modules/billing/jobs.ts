import type { CodeClaim } from "@jifen/database";
import { isInfrastructureError } from "@jifen/ledger";
import type { Logger } from "pino";
import type { Job } from "../../jobs/job.ts";
import { bySystem } from "../audit/audit-event.ts";
import type { Deps } from "./deps.ts";
import { grantClaim } from "./use-cases/grant-claim.ts";

const MOST_CLAIMS = 100;
const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 3_600_000;

/** Twice as long after each attempt, up to an hour. */
const pauseAfter = (checks: number): number => Math.min(FIRST_PAUSE_MS * 2 ** Math.min(checks, 20), LONGEST_PAUSE_MS);

/** Grants the credits of claimed codes whose request could not: it was cut off between the claim and the grant. */
export function creditClaimsJob(deps: Pick<Deps, "database" | "ledger" | "nowMs"> & { readonly log: Logger }): Job {
  const { database, nowMs, log } = deps;
  const credit = async (claim: CodeClaim) => {
    const batch = await database.codes.findBatch(claim.batchId);
    if (!batch) throw new Error(`the batch ${claim.batchId} of a claim is missing`);
    const granted = await grantClaim(deps, claim, { batch, by: bySystem });
    if (!("code" in granted)) return;
    if (granted.code === "EXPIRY_PASSED") await database.codes.expire(claim);
    else await database.codes.postpone(claim, nowMs() + pauseAfter(claim.checks));
  };
  return {
    name: "code claims",
    intervalMs: 5_000,
    leaseMs: 15_000,
    runBatch: async (signal) => {
      const due = await database.codes.dueClaims(nowMs(), MOST_CLAIMS);
      for (const claim of due) {
        if (signal.aborted) break;
        try {
          await credit(claim);
        } catch (error) {
          if (isInfrastructureError(error)) throw error;
          // One claim that fails must not hold up the others.
          log.error({ err: error, user: claim.userId, batch: claim.batchId }, "the credits of a code were not granted");
          await database.codes.postpone(claim, nowMs() + pauseAfter(claim.checks));
        }
      }
      return { isMore: due.length === MOST_CLAIMS };
    },
  };
}
