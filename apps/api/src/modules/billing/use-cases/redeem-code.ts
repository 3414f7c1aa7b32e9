import { DEFAULT_GROUP, readCode } from "@jifen/billing";
import type { Refusal } from "@jifen/contract";
import { accountOf, grantId, MAX_BALANCE, type Outcome, ok, refuse, type UserId } from "@jifen/core";
import type { CodeBatch, CodeClaim, StoredCode } from "@jifen/database";
import { type Entry, isInfrastructureError, OutcomeUnknown, Overloaded } from "@jifen/ledger";
import { withAbout } from "../../../http/refusals/about.ts";
import type { Principal } from "../../identity/credentials/principal.ts";
import { sha256 } from "../../identity/credentials/sha256.ts";
import type { Deps } from "../deps.ts";
import { endOf } from "../payments/new-payment.ts";
import { grantClaim } from "./grant-claim.ts";

/** How long the request itself has to grant the credits, before the background job does it. */
const REQUEST_MS = 30_000;

/** A code that a user redeems. */
type Redemption = {
  readonly userId: UserId;
  /** As it was typed. */
  readonly code: string;
  /** The client's network address; undefined for a service, whose address is that of all of its users. */
  readonly address: string | undefined;
};

/** What a code granted. The balance is that of the time of the grant. */
type Redeemed = Pick<CodeClaim, "credits" | "expiresAtMs" | "grantId"> & {
  readonly balance: number;
  readonly transactionId: string;
};

type RedeemRefusal = Refusal<
  "RATE_LIMITED" | "CODE_NOT_VALID" | "CODE_LIMIT" | "SELF_ACTION_FORBIDDEN" | "BALANCE_LIMIT"
>;

/**
 * Redeems a code: claims it in one transaction, then grants its credits in another. A crash between the two is healed by the
 * background job, and a repeated request gets the same answer. Every code that is not valid gets the same refusal.
 * Refuses, in this order: RATE_LIMITED, CODE_NOT_VALID, SELF_ACTION_FORBIDDEN, BALANCE_LIMIT, CODE_LIMIT.
 * @throws OutcomeUnknown when the code is claimed, and whether its credits are granted yet is unknown
 */
export async function redeemCode(
  deps: Pick<Deps, "database" | "ledger" | "codeLimits" | "isSelfGrantAllowed" | "newId" | "nowMs">,
  { userId, code: typed, address }: Redemption,
  by: Principal,
): Promise<Outcome<Redeemed, RedeemRefusal>> {
  const attempt = { user: userId, address };
  const retryAfterSeconds = await deps.codeLimits.retryAfter(attempt);
  if (retryAfterSeconds !== undefined) {
    return refuse(withAbout({ code: "RATE_LIMITED", retryAfterSeconds }, { policy: "codes" }));
  }
  const plain = readCode(typed);
  // A typing error tells nothing about other codes, so it does not count.
  if (plain === undefined) return notValid;
  const code = await deps.database.codes.find(sha256(plain));
  const claimed = code && (await claimOf(deps, code, { userId, by }));
  if (code === undefined || claimed === undefined || (!claimed.ok && claimed.refusal.code === "CODE_NOT_VALID")) {
    await deps.codeLimits.failed(attempt);
    return notValid;
  }
  if (!claimed.ok) return claimed;
  const entry = await credit(deps, claimed.value, { batch: code.batch, by });
  const { credits, expiresAtMs, grantId: id } = claimed.value;
  return entry
    ? ok({ credits, expiresAtMs, grantId: id, balance: entry.balanceAfter, transactionId: entry.id })
    : notValid;
}

const notValid = refuse<Refusal<"CODE_NOT_VALID">>({ code: "CODE_NOT_VALID" });

/** The claim that the user has already, or a new one. */
async function claimOf(
  { database, ledger, isSelfGrantAllowed, newId, nowMs }: Parameters<typeof redeemCode>[0],
  { codeHash, maxUses, batch }: StoredCode,
  { userId }: { readonly userId: UserId; readonly by: Principal },
): Promise<Outcome<CodeClaim, RedeemRefusal>> {
  const earlier = await database.codes.findClaim(userId, codeHash);
  if (earlier) return earlier.state === "expired" ? notValid : ok(earlier);
  // The clock of the database decides, by which the credits expire: that of a server can differ.
  const { balance, held, readAtMs } = await ledger.balance(accountOf(userId));
  if (!isOpen(batch, readAtMs)) return notValid;
  if (batch.ownerId === userId && !isSelfGrantAllowed) return refuse({ code: "SELF_ACTION_FORBIDDEN" });
  if (balance + held + batch.credits > MAX_BALANCE) {
    return refuse({ code: "BALANCE_LIMIT", balance, limit: MAX_BALANCE });
  }
  const claim = {
    ...{ userId, batchId: batch.id, codeHash, credits: batch.credits, grantId: grantId(newId("grant")) },
    expiresAtMs: endOf(batch.validDays, readAtMs),
    // Jobs go by the clock of their server.
    ...{ claimedAtMs: readAtMs, nextCheckMs: nowMs() + REQUEST_MS },
  };
  return await database.codes.claim(claim, { maxUses, maxPerUser: batch.maxPerUser, group: groupOf(batch) });
}

/** The price group of a batch, as users have it; undefined for every user. */
function groupOf({ priceGroup }: CodeBatch): string | null | undefined {
  if (priceGroup === null) return undefined;
  return priceGroup === DEFAULT_GROUP ? null : priceGroup;
}

/** Whether codes of a batch can be redeemed at this time. */
const isOpen = ({ fromMs, untilMs, endedAtMs }: CodeBatch, nowMs: number): boolean =>
  endedAtMs === null && (fromMs === null || nowMs >= fromMs) && (untilMs === null || nowMs < untilMs);

/** The code is claimed: whatever prevents the grant now, the credits will come. @returns undefined when they have expired */
async function credit(
  deps: Pick<Deps, "ledger">,
  claim: CodeClaim,
  terms: Parameters<typeof grantClaim>[2],
): Promise<Entry | undefined> {
  try {
    const granted = await grantClaim(deps, claim, terms);
    if (!("code" in granted)) return granted;
    if (granted.code === "EXPIRY_PASSED") return undefined;
    throw new OutcomeUnknown(`the credits of a claimed code cannot be granted yet: ${granted.code}`);
  } catch (error) {
    if (!isInfrastructureError(error) && !(error instanceof Overloaded)) throw error;
    throw new OutcomeUnknown("the code is claimed, and its credits may be granted later", { cause: error });
  }
}
