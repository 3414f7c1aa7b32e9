import { createHash } from "node:crypto";
import type { operations, Refusal } from "@jifen/contract";
import { type Outcome, refuse } from "@jifen/core";
import { DatabaseUnavailable, OutcomeUnknown, Overloaded } from "@jifen/ledger";
import type { z } from "zod";
import type { Principal } from "../../identity/credentials/principal.ts";
import type { GrantDeps } from "../deps.ts";
import { type GrantRequest, grantCredits } from "./grant-credits.ts";

/** The parsed input of `admin.grantMany`. */
type ManyRequest = z.output<typeof operations.admin.grantMany.input>;

type InfrastructureCode = "OVERLOADED" | "DATABASE_UNAVAILABLE" | "OUTCOME_UNKNOWN";

/** How many grants wait for the ledger concurrently: enough for a full batch, and too few to fill its queues. */
const CONCURRENT = 50;

/**
 * Grants credits to many users in the order of the request, to each once per key of the request and user. A user for whom
 * it fails does not keep the others: the same request with the same key completes what is missing.
 * @returns one outcome for each user, in their order
 */
export async function grantToMany(deps: GrantDeps, { entries, amount, ...shared }: ManyRequest, by: Principal) {
  const batch = shared.idempotencyKey;
  const grantTo = (entry: (typeof entries)[number]) => {
    const idempotencyKey = batch === undefined ? undefined : keyOf(batch, entry.userId);
    // The input schema requires one of the two amounts.
    const ofUser = { userId: entry.userId, amount: entry.amount ?? amount ?? 0 };
    return grantOne(deps, { ...shared, ...ofUser, batch, idempotencyKey }, by);
  };
  const outcomes: Awaited<ReturnType<typeof grantOne>>[] = [];
  for (let at = 0; at < entries.length; at += CONCURRENT) {
    outcomes.push(...(await Promise.all(entries.slice(at, at + CONCURRENT).map(grantTo))));
  }
  return outcomes;
}

/** Grants to one user. Earlier users may have been granted to already, so an infrastructure error concerns this user alone. */
async function grantOne(deps: GrantDeps, request: GrantRequest, by: Principal) {
  const { userId, amount } = request;
  const outcome = await grantCredits(deps, request, by).catch(infrastructureRefusal);
  return { userId, amount, outcome };
}

function infrastructureRefusal(error: unknown): Outcome<never, Refusal<InfrastructureCode>> {
  if (error instanceof OutcomeUnknown) return refuse({ code: "OUTCOME_UNKNOWN" });
  if (error instanceof Overloaded) return refuse({ code: "OVERLOADED" });
  if (error instanceof DatabaseUnavailable) return refuse({ code: "DATABASE_UNAVAILABLE" });
  throw error;
}

/**
 * The key of a user's grant. It is derived from the key of the request, so that a repetition finds it, and differs from it,
 * so that a grant to one user with the same key is another request.
 */
const keyOf = (batch: string, userId: string): string =>
  `batch-${createHash("sha256")
    .update(JSON.stringify([batch, userId]))
    .digest("hex")}`;
