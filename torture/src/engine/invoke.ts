import { accountId, credits, grantId, holdId, idempotencyKey, type Owner, transactionId } from "@jifen/core";
import type { Entry, ExtraWrites, Hold, Ledger } from "@jifen/ledger";
import type { HoldRow, JournalRow, ModelRequest, Refusal } from "@jifen/testkit/ledger-model";
import type { Answer } from "../checker/event.ts";
import { toAllocations } from "../checker/rows.ts";
import { describeError } from "./describe-error.ts";
import { untilAvailable } from "./until-available.ts";

/** An invocation of the ledger. */
export type Invocation = {
  readonly account: string;
  /** The caller's key. */
  readonly key: string | null;
  readonly request: ModelRequest;
  /** The id of the grant or the hold that the request creates. */
  readonly newId: string;
};

/** Every fourth command writes an extra row in its transaction. @returns the id of the row */
export const extraRowIdOf = ({ newId }: Pick<Invocation, "newId">): string | undefined =>
  Number(newId.match(/\d+$/)?.[0]) % 4 === 0 ? `event-${newId}` : undefined;

const extraOf = (invocation: Invocation): ((entry: Entry) => ExtraWrites) | undefined => {
  const id = extraRowIdOf(invocation);
  if (id === undefined) return undefined;
  const { account, request } = invocation;
  return (entry) => ({
    rows: [
      { table: "audit_events", values: { id, at_ms: 0, actor: account, action: request.kind, subject: entry.id } },
    ],
  });
};

const journalRow = (entry: Entry): JournalRow => ({
  account: entry.accountId,
  sequence: entry.sequence,
  id: entry.id,
  key: entry.idempotencyKey,
  kind: entry.kind,
  amount: entry.amount,
  action: entry.action,
  subject: entry.referenceId,
  debit: entry.debit,
  credit: entry.credit,
  balanceAfter: entry.balanceAfter,
  heldAfter: entry.heldAfter,
  expiredOnReturn: entry.expiredOnReturn,
  allocations: toAllocations(entry.allocations),
  expiresAtMs: entry.expiresAtMs,
  metadata: entry.metadata,
  createdAtMs: entry.createdAtMs,
  actor: entry.actor,
  requestId: entry.requestId,
});

const holdRow = (hold: Hold): HoldRow => ({
  account: hold.accountId,
  id: hold.id,
  owner: hold.placedBy,
  amount: hold.amount,
  state: hold.state,
  captured: hold.captured,
  released: hold.released,
  expired: hold.expired,
  expiresAtMs: hold.expiresAtMs,
  resolvedAtMs: hold.resolvedAtMs,
});

/** The author of an invocation, which its entry must have: the holder that it names, or the account itself. */
export const authorOf = ({ account, request, newId }: Pick<Invocation, "account" | "newId" | "request">) => ({
  actor: "by" in request ? request.by : account,
  requestId: `request-${newId}`,
});

/** The model's owner as the ledger's. */
const ownerIn = (request: { readonly by: string }) => ({ by: request.by as Owner, resolvesUnowned: false });

function send(ledger: Ledger, invocation: Invocation) {
  const { account, key, request, newId } = invocation;
  const base = {
    accountId: accountId(account),
    idempotencyKey: key === null ? undefined : idempotencyKey.ofCaller(key),
    ...authorOf(invocation),
    extra: extraOf(invocation),
  };
  const part = (amount: number | null) => (amount === null ? null : credits(amount));
  switch (request.kind) {
    case "grant": {
      const { amount, priority, expiresAtMs } = request;
      const grantFields = { grantId: grantId(newId), amount: credits(amount), priority, expiresAtMs };
      return ledger.grant({ ...base, ...grantFields, source: "admin", reason: "welcome" });
    }
    case "consume":
      return ledger.consume({ ...base, amount: credits(request.amount), action: request.action, metadata: null });
    case "revoke":
      return ledger.revoke({
        ...base,
        amount: credits(request.amount),
        reason: request.action,
        grantId: request.bucket === null ? null : grantId(request.bucket),
        atMost: request.atMost,
      });
    case "hold": {
      const { amount, action, ttlSeconds } = request;
      const placedBy = request.by as Owner;
      const holdFields = {
        holdId: holdId(newId),
        amount: credits(amount),
        action,
        placedBy,
        ttlSeconds,
        metadata: null,
      };
      return ledger.hold({ ...base, ...holdFields });
    }
    case "extend":
      return ledger.extend({
        ...base,
        holdId: holdId(request.hold),
        ...ownerIn(request),
        ttlSeconds: request.ttlSeconds,
      });
    case "capture":
      return ledger.capture({
        ...base,
        holdId: holdId(request.hold),
        ...ownerIn(request),
        amount: part(request.amount),
        metadata: request.metadata,
      });
    case "release":
      return ledger.release({ ...base, holdId: holdId(request.hold), ...ownerIn(request), metadata: null });
    case "refund": {
      const { charge, amount } = request;
      return ledger.refund({ ...base, chargeId: transactionId(charge), amount: part(amount), metadata: null });
    }
    default:
      return request satisfies never;
  }
}

/** The refusal without the database's time, which the model does not know. */
function refusalOf({ ...refusal }: Readonly<Record<string, unknown>>): Refusal {
  const { nowMs: _, ...rest } = refusal;
  return rest as Refusal;
}

/** Sends a request to the ledger. Without faults, an exception is always a failure. */
export async function invoke(ledger: Ledger, invocation: Invocation): Promise<Answer> {
  try {
    const outcome = await untilAvailable(async () => send(ledger, invocation));
    if (!outcome.ok) return { is: "refused", refusal: refusalOf(outcome.refusal) };
    const { entry, replayed, hold } = outcome.value;
    const withHold = hold && !replayed ? { hold: holdRow(hold) } : {};
    return { is: "done", entryId: entry.id, replayed, entry: journalRow(entry), ...withHold };
  } catch (error) {
    return { is: "failed", error: describeError(error) };
  }
}

/** Reads a balance. */
export async function readBalance(ledger: Ledger, account: string): Promise<Answer> {
  try {
    const { balance, held, expiring } = await untilAvailable(() => ledger.balance(accountId(account)));
    return { is: "read", balance, held, expiring };
  } catch (error) {
    return { is: "failed", error: describeError(error) };
  }
}
