import { type AccountId, accountOf, userOf } from "@jifen/core";
import type { CodeClaim, Database } from "@jifen/database";
import type { Entry } from "@jifen/ledger";
import { claimKey } from "../use-cases/grant-claim.ts";
import { pagesOf } from "./pages-of.ts";

/** The kinds of differences between redemption codes and the ledger, each with the invariant that it breaks. */
export const claimDifferenceKinds = {
  CODE_USES_DIFFER: "B21: the uses of a redemption code are not the number of its claims",
  CODE_USED_TOO_OFTEN:
    "B21: a redemption code has more claims than uses, or a user more claims of a batch than allowed",
  CLAIM_WITHOUT_GRANT: "B21: a credited claim of a redemption code has no transaction of its grant in the ledger",
  CLAIM_NOT_CREDITED: "B21: a claim of a redemption code has had no credits for an hour",
  GRANT_WITHOUT_CLAIM: "B21: a grant of a redemption code has no claim that names it",
} as const;

/** A difference. `accountId` is null where it concerns a code. */
export type ClaimDifference = {
  readonly accountId: AccountId | null;
  readonly kind: keyof typeof claimDifferenceKinds;
  /** The hash of the code, or the transaction. */
  readonly referenceId: string;
  readonly expected: string | number | null;
  readonly found: string | number | null;
};

/** What the audit of claims reads. */
type Reads = Pick<Database, "codes" | "history">;

const OVERDUE_MS = 3_600_000;
/** A code that is claimed while it is read differs for a moment. */
const READS = 3;

const keyPrefix = claimKey("");

/** Whether an entry is the grant of a redemption code. */
export const isCodeGrant = ({ idempotencyKey }: Pick<Entry, "idempotencyKey">): boolean =>
  idempotencyKey.startsWith(keyPrefix);

/** Compares the grants of codes in one account with the claims of its user. A grant and its claim are written together. */
export async function auditCodeGrants(
  { codes }: Reads,
  account: AccountId,
  grants: readonly Entry[],
): Promise<readonly ClaimDifference[]> {
  const user = userOf(account);
  if (user === undefined || grants.length === 0) return [];
  const claims = await codes.claimsOfUser(user);
  const named = new Map(claims.map((claim) => [claim.transactionId, claim]));
  return grants.flatMap((entry) => {
    const claim = named.get(entry.id);
    if (claim && isGrantOf(entry, claim)) return [];
    const found = claim ? `${claim.credits} ${claim.grantId}` : null;
    const expected = `${entry.amount} ${entry.referenceId}`;
    return [{ accountId: account, kind: "GRANT_WITHOUT_CLAIM", referenceId: entry.id, expected, found } as const];
  });
}

/** Compares all codes with their claims, and the claims with the ledger. */
export async function auditCodes(reads: Reads, nowMs: number): Promise<readonly ClaimDifference[]> {
  const differences: ClaimDifference[] = [];
  const pages = pagesOf((after: Code | undefined, limit) => reads.codes.codesAfter(after?.codeHash, limit));
  for await (const codes of pages) {
    const claims = await reads.codes.claimsOfCodes(codes.map(({ codeHash }) => codeHash));
    const byCode = Map.groupBy(claims, ({ codeHash }) => codeHash);
    for (const code of codes) differences.push(...(await auditUses(reads, code, byCode.get(code.codeHash) ?? [])));
    differences.push(...(await auditClaims(reads, claims, nowMs)));
  }
  return differences;
}

type Code = Awaited<ReturnType<Reads["codes"]["codesAfter"]>>[number];

async function auditUses(
  { codes }: Reads,
  code: Code,
  claims: readonly CodeClaim[],
): Promise<readonly ClaimDifference[]> {
  let [used, found] = [code.used, claims.length];
  for (let reads = 1; used !== found && reads < READS; reads += 1) {
    used = (await codes.find(code.codeHash))?.used ?? 0;
    found = (await codes.claimsOfCodes([code.codeHash])).length;
  }
  const about = { accountId: null, referenceId: code.codeHash };
  return [
    ...(used === found ? [] : [{ ...about, kind: "CODE_USES_DIFFER", expected: found, found: used } as const]),
    ...(found <= code.maxUses
      ? []
      : [{ ...about, kind: "CODE_USED_TOO_OFTEN", expected: code.maxUses, found } as const]),
  ];
}

async function auditClaims(
  { codes, history }: Reads,
  claims: readonly CodeClaim[],
  nowMs: number,
): Promise<readonly ClaimDifference[]> {
  const batchIds = [...new Set(claims.map(({ batchId }) => batchId))];
  const batches = new Map(await Promise.all(batchIds.map(async (id) => [id, await codes.findBatch(id)] as const)));
  const accounts = [...new Set(claims.map((claim) => accountOf(claim.userId)))];
  const transactions = claims.flatMap(({ transactionId }) => transactionId ?? []);
  const entries = await history.entriesById(accounts, transactions as Entry["id"][]);
  const byId = new Map(entries.map((entry) => [String(entry.id), entry]));
  return claims.flatMap((claim) => {
    const about = { accountId: accountOf(claim.userId), referenceId: claim.codeHash };
    const most = batches.get(claim.batchId)?.maxPerUser ?? 0;
    const limit =
      claim.number <= most
        ? []
        : [{ ...about, kind: "CODE_USED_TOO_OFTEN", expected: most, found: claim.number } as const];
    return [...limit, ...stateDifference(claim, byId.get(claim.transactionId ?? ""), nowMs)];
  });
}

function stateDifference(claim: CodeClaim, entry: Entry | undefined, nowMs: number): readonly ClaimDifference[] {
  const about = { accountId: accountOf(claim.userId), referenceId: claim.codeHash };
  switch (claim.state) {
    case "credited": {
      if (entry && isGrantOf(entry, claim)) return [];
      const found = entry ? `${entry.amount} ${entry.referenceId}` : null;
      return [{ ...about, kind: "CLAIM_WITHOUT_GRANT", expected: `${claim.credits} ${claim.grantId}`, found }];
    }
    case "claimed":
      if (nowMs < claim.claimedAtMs + OVERDUE_MS) return [];
      return [{ ...about, kind: "CLAIM_NOT_CREDITED", expected: claim.credits, found: 0 }];
    case "expired":
      return [];
    default:
      return claim.state satisfies never;
  }
}

const isGrantOf = (entry: Entry, claim: CodeClaim): boolean =>
  claim.state === "credited" &&
  entry.id === claim.transactionId &&
  entry.kind === "grant" &&
  entry.accountId === accountOf(claim.userId) &&
  entry.idempotencyKey === claimKey(claim.codeHash) &&
  entry.amount === claim.credits &&
  entry.referenceId === claim.grantId;
