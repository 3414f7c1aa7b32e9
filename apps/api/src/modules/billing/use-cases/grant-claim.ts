import { accountOf, credits, idempotencyKey, invariant } from "@jifen/core";
import { type CodeBatch, type CodeClaim, creditedClaim, outgoingEventRow } from "@jifen/database";
import type { Entry } from "@jifen/ledger";
import { isoTimeOrNull } from "../../../values/iso-time.ts";
import type { Actor } from "../../audit/audit-event.ts";
import { toOutgoingEvent } from "../../webhooks/outgoing-event.ts";
import type { Deps } from "../deps.ts";

/** Why a claim has no credits: they expired before they were granted, or the balance would be too large. */
type NotGranted = { readonly code: "EXPIRY_PASSED" | "BALANCE_LIMIT" };

/**
 * Grants the credits of a claim, once for ever: the key is made of the code, and an account claims a code once. The claim
 * becomes credited, and the event is written, in the transaction of the grant.
 * @returns the entry of the grant, also of one that was made before; or why there is none
 */
export async function grantClaim(
  { ledger }: Pick<Deps, "ledger">,
  claim: CodeClaim,
  { batch, by }: { readonly batch: CodeBatch; readonly by: Actor },
): Promise<Entry | NotGranted> {
  const granted = await ledger.grant({
    accountId: accountOf(claim.userId),
    idempotencyKey: claimKey(claim.codeHash),
    actor: by.actor,
    requestId: by.requestId,
    grantId: claim.grantId,
    amount: credits(claim.credits),
    source: batch.source,
    priority: batch.priority,
    expiresAtMs: claim.expiresAtMs,
    reason: batch.name,
    extra: (entry) => ({ rows: [redeemed(claim, batch, entry)], changes: [creditedClaim(claim, entry.id)] }),
  });
  if (granted.ok) return granted.value.entry;
  const { code } = granted.refusal;
  invariant(code !== "IDEMPOTENCY_KEY_REUSED", `the grant of code ${claim.codeHash} has other terms than its claim`);
  return { code };
}

/** The event that a code was redeemed. It has the id of the transaction with another prefix. */
const redeemed = ({ userId, credits: amount, expiresAtMs }: CodeClaim, { id, name }: CodeBatch, entry: Entry) =>
  outgoingEventRow(
    toOutgoingEvent({
      ...{ userId, id: entry.id.replace(/^txn-/, "evt-"), type: "code.redeemed", atMs: entry.createdAtMs },
      data: {
        ...{ userId, batchId: id, batch: name, credits: amount, expiresAt: isoTimeOrNull(expiresAtMs) },
        ...{ balance: entry.balanceAfter, transactionId: entry.id },
      },
    }),
  );

/** The key of the grant of a code, in the account of the user who claimed it. */
export const claimKey = (codeHash: string) => idempotencyKey.ofSystem(`code:${codeHash}`);
