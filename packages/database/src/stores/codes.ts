import { type GrantId, type GrantSource, grantId, type Outcome, ok, refuse, type UserId, userId } from "@jifen/core";
import type { ExtraChange } from "@jifen/ledger";
import { extraChangeOf } from "../records/extra-row.ts";
import type { Records, RecordTransaction, StoredRecord } from "../records/records.ts";
import { type AuditEvent, withAuditEvent } from "./audit-log.ts";
import type { Page } from "./page.ts";
import { createTurns } from "./turns.ts";

/** Codes that were made together. The terms never change. Times are epoch milliseconds. */
export type CodeBatch = {
  /** `batch-` and a time-ordered id. */
  readonly id: string;
  readonly name: string;
  /** Whole credits of each claim. */
  readonly credits: number;
  /** Days from a claim to the expiry of its credits; null for credits that never expire. */
  readonly validDays: number | null;
  readonly priority: number;
  readonly source: GrantSource;
  /** How many codes there are. */
  readonly size: number;
  readonly maxUsesPerCode: number;
  readonly maxPerUser: number;
  /** Codes are valid from this time on; null: from the beginning. */
  readonly fromMs: number | null;
  /** Codes are valid before this time; null: without an end. */
  readonly untilMs: number | null;
  /** The actor, as in the audit log. */
  readonly madeBy: string;
  /** The user who made the batch, or for whom a service key did; null for the operator. */
  readonly ownerId: UserId | null;
  readonly madeAtMs: number;
  readonly endedAtMs: number | null;
  /** Only users of this price group can claim its codes; null: every user. */
  readonly priceGroup: string | null;
  /** How many claims there are. */
  readonly claims: number;
};

/** A batch to make. */
export type NewCodeBatch = Omit<CodeBatch, "endedAtMs" | "claims">;

/** A code as stored, which is its hash, and its batch. */
export type StoredCode = {
  /** SHA-256 of the code without hyphens, in hexadecimal digits. */
  readonly codeHash: string;
  readonly used: number;
  readonly maxUses: number;
  readonly batch: CodeBatch;
};

/** That a user redeemed a code. `claimed`: its credits are not granted yet; `expired`: they expired before they were. */
export type CodeClaim = {
  readonly userId: UserId;
  readonly batchId: string;
  /** From 1 to the most per user of the batch. */
  readonly number: number;
  readonly codeHash: string;
  readonly state: "claimed" | "credited" | "expired";
  readonly credits: number;
  /** The id that the grant has or will have. */
  readonly grantId: GrantId;
  readonly expiresAtMs: number | null;
  readonly claimedAtMs: number;
  /** The transaction of the grant. */
  readonly transactionId: string | null;
  /** When the grant is tried again; null once the state is final. */
  readonly nextCheckMs: number | null;
  /** How often it was tried again. */
  readonly checks: number;
};

/** A claim to write. */
export type NewCodeClaim = Pick<
  CodeClaim,
  "userId" | "batchId" | "codeHash" | "credits" | "grantId" | "expiresAtMs" | "claimedAtMs"
> & { readonly nextCheckMs: number };

/** What limits the claims of a code. */
type ClaimLimits = Pick<StoredCode, "maxUses"> &
  Pick<CodeBatch, "maxPerUser"> & {
    /** The price group of the user, as users have it, at the time of the claim; undefined: any. */
    readonly group?: string | null | undefined;
  };

/**
 * Why nothing was claimed: the code is used up, its batch has ended or is for other users, or the user has as many of the batch
 * as allowed.
 */
export type ClaimRefusal = { code: "CODE_NOT_VALID" } | { code: "CODE_LIMIT"; limit: number };

/** Redemption codes and their claims. */
export type CodeStore = {
  /** Writes a batch with its codes, in one transaction with the audit event. */
  make(batch: NewCodeBatch, codeHashes: readonly string[], event: AuditEvent): Promise<void>;
  /** Newest first, because ids grow with time. `before`: only smaller ids. */
  batches(page: Page<string>): Promise<readonly CodeBatch[]>;
  findBatch(id: string): Promise<CodeBatch | undefined>;
  /** No code of the batch is claimed after this returned. @returns false when the batch does not exist or has ended before */
  end(id: string, atMs: number, event: AuditEvent): Promise<boolean>;
  find(codeHash: string): Promise<StoredCode | undefined>;
  findClaim(user: UserId, codeHash: string): Promise<CodeClaim | undefined>;
  /**
   * Claims a code for a user, once: a claim that the user has already is returned. The uses of a code and the claims of a user
   * stay within their limits, however many processes claim concurrently. Refuses, in this order: CODE_NOT_VALID, CODE_LIMIT.
   * @throws Overloaded when too many claims of the batch are waiting
   */
  claim(claim: NewCodeClaim, limits: ClaimLimits): Promise<Outcome<CodeClaim, ClaimRefusal>>;
  /** Claims whose grant is to be tried again, the longest due first. */
  dueClaims(nowMs: number, limit: number): Promise<readonly CodeClaim[]>;
  /** Sets when the grant of a claim is tried again, unless it has its credits or another process has set it. */
  postpone(claim: CodeClaim, nextCheckMs: number): Promise<void>;
  /** Ends a claim whose credits expired before they were granted, unless it has them. */
  expire(claim: CodeClaim): Promise<void>;
  /** Codes in the order of their hashes, for the audit. */
  codesAfter(codeHash: string | undefined, limit: number): Promise<readonly Omit<StoredCode, "batch">[]>;
  /** All claims of these codes, for the audit. */
  claimsOfCodes(codeHashes: readonly string[]): Promise<readonly CodeClaim[]>;
  /** All claims of a user, for the audit. */
  claimsOfUser(user: UserId): Promise<readonly CodeClaim[]>;
};

/** Rows that one statement inserts. */
const INSERT_STEP = 1_000;

/** Claims of one batch that can wait in this process. */
const MOST_WAITING = 1_000;

/** Redemption codes on any database. */
export const createCodeStore = (records: Records, takeTurn = createTurns(MOST_WAITING)): CodeStore => ({
  make: async (batch, codeHashes, event) => {
    await withAuditEvent(records, event, async (tx) => {
      await tx.insert("code_batches", { ...batch, claims: 0 });
      for (let at = 0; at < codeHashes.length; at += INSERT_STEP) {
        const some = codeHashes.slice(at, at + INSERT_STEP);
        const code = { batchId: batch.id, used: 0, maxUses: batch.maxUsesPerCode };
        await tx.insert("codes", ...some.map((codeHash) => ({ codeHash, ...code })));
      }
      return ok(undefined);
    });
  },

  batches: async ({ limit, before }) => {
    const after = before === undefined ? undefined : { id: before };
    return (await records.list("code_batches", { by: ["id"], direction: "desc", after, limit })).map(toBatch);
  },

  findBatch: async (id) => {
    const batch = await records.get("code_batches", { id });
    return batch && toBatch(batch);
  },

  end: async (id, atMs, event) => {
    const end = { expected: { endedAtMs: null }, set: { endedAtMs: atMs } };
    const outcome = await withAuditEvent(records, event, async (tx) =>
      (await tx.compareAndSet("code_batches", { id }, end)) ? ok(undefined) : refuse({ code: "UNCHANGED" }),
    );
    return outcome.ok;
  },

  find: async (codeHash) => {
    const code = await records.get("codes", { codeHash });
    const batch = code && (await records.get("code_batches", { id: code.batchId }));
    return batch && { codeHash, used: code.used, maxUses: code.maxUses, batch: toBatch(batch) };
  },

  findClaim: (user, codeHash) => findClaim(records, user, codeHash),

  claim: async (claim, limits) => {
    const outcome = await takeTurn(claim.batchId, () => records.transaction((tx) => insertClaim(tx, claim, limits)));
    if (outcome.ok) return outcome;
    const { refusal } = outcome;
    return refusal.code === "CLAIMED_BEFORE" ? ok(refusal.claim) : refuse(refusal);
  },

  dueClaims: async (nowMs, limit) => {
    const due = await records.list("code_claims", {
      where: { nextCheckMs: { lte: nowMs } },
      by: ["nextCheckMs", "userId", "batchId", "number"],
      limit,
      index: "due",
    });
    return due.map(toClaim);
  },

  postpone: async (claim, nextCheckMs) => {
    const set = { nextCheckMs, checks: claim.checks + 1 };
    const expected = { state: "claimed", nextCheckMs: claim.nextCheckMs };
    await records.compareAndSet("code_claims", keyOf(claim), { expected, set });
  },

  expire: async (claim) => {
    const change = { expected: { state: "claimed" }, set: { state: "expired", nextCheckMs: null } };
    await records.compareAndSet("code_claims", keyOf(claim), change);
  },

  codesAfter: async (codeHash, limit) => {
    const after = codeHash === undefined ? undefined : { codeHash };
    return await records.list("codes", { by: ["codeHash"], after, limit });
  },

  claimsOfCodes: async (codeHashes) =>
    (await records.list("code_claims", { where: { codeHash: { in: codeHashes } } })).map(toClaim),

  claimsOfUser: async (user) => (await records.list("code_claims", { where: { userId: user } })).map(toClaim),
});

/**
 * The batch comes first: its row serialises the claims of its codes, so that no two transactions lock rows in another order,
 * and the claims that are counted below are committed.
 */
async function insertClaim(
  tx: RecordTransaction,
  claim: NewCodeClaim,
  { maxUses, maxPerUser, group }: ClaimLimits,
): Promise<Outcome<CodeClaim, ClaimRefusal | { code: "CLAIMED_BEFORE"; claim: CodeClaim }>> {
  const { userId: user, batchId, codeHash } = claim;
  const isOpen = await tx.update("code_batches", { id: batchId, endedAtMs: null }, { add: { claims: 1 } });
  if (isOpen === 0) return refuse({ code: "CODE_NOT_VALID" });
  const claims = await tx.list("code_claims", { where: { userId: user, batchId } });
  const earlier = claims.find((each) => each.codeHash === codeHash);
  if (earlier) return refuse({ code: "CLAIMED_BEFORE", claim: toClaim(earlier) });
  if (group !== undefined && (await groupOf(tx, user)) !== group) return refuse({ code: "CODE_NOT_VALID" });
  if ((await tx.update("codes", { codeHash, used: { lt: maxUses } }, { add: { used: 1 } })) === 0) {
    return refuse({ code: "CODE_NOT_VALID" });
  }
  if (claims.length >= maxPerUser) return refuse({ code: "CODE_LIMIT", limit: maxPerUser });
  const row = { ...claim, number: claims.length + 1, state: "claimed", transactionId: null, checks: 0 } as const;
  await tx.insert("code_claims", row);
  return ok(row);
}

/** The price group of a user at this time: no cache, so that a change counts for the next claim. */
async function groupOf(tx: RecordTransaction, user: UserId): Promise<string | null> {
  return (await tx.get("users", { id: user }))?.priceGroup ?? null;
}

async function findClaim(records: Records, user: UserId, codeHash: string): Promise<CodeClaim | undefined> {
  const [claim] = await records.list("code_claims", { where: { userId: user, codeHash }, limit: 1 });
  return claim && toClaim(claim);
}

/** The change that makes a claim credited, in the transaction of its grant. */
export const creditedClaim = (claim: CodeClaim, transactionId: string): ExtraChange =>
  extraChangeOf("code_claims", keyOf(claim), {
    expected: { state: "claimed" },
    set: { state: "credited", transactionId, nextCheckMs: null },
  });

const keyOf = ({ userId: user, batchId, number }: CodeClaim) => ({ userId: user, batchId, number });

const toBatch = (record: StoredRecord<"code_batches">): CodeBatch => ({
  ...record,
  source: record.source as GrantSource,
  ownerId: record.ownerId === null ? null : userId(record.ownerId),
});

const toClaim = (record: StoredRecord<"code_claims">): CodeClaim => ({
  ...record,
  userId: userId(record.userId),
  grantId: grantId(record.grantId),
  state: record.state as CodeClaim["state"],
});
