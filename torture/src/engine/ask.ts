import { accountId, credits, grantId, holdId, idempotencyKey, transactionId } from "@jifen/core";
import type { Entry, Hold, Ledger } from "@jifen/ledger";
import type { Answer } from "../checker/event.ts";
import { type HoldRow, type JournalRow, toAllocations } from "../checker/rows.ts";
import type { Refusal, Request } from "../model/request.ts";

/** A request on its way to the engine. */
export type Asking = {
  readonly account: string;
  /** As a caller names it. */
  readonly key: string | null;
  readonly request: Request;
  /** The name of what it makes, a grant or a hold. */
  readonly makes: string;
};

const journalRow = (line: Entry): JournalRow => ({
  account: line.accountId,
  sequence: line.sequence,
  id: line.id,
  key: line.idempotencyKey,
  kind: line.kind,
  amount: line.amount,
  action: line.action,
  subject: line.referenceId,
  debit: line.debit,
  credit: line.credit,
  balanceAfter: line.balanceAfter,
  heldAfter: line.heldAfter,
  expiredOnReturn: line.expiredOnReturn,
  allocations: toAllocations(line.allocations),
  expiresAtMs: line.expiresAtMs,
  createdAtMs: line.createdAtMs,
});

const holdRow = (hold: Hold): HoldRow => ({
  account: hold.accountId,
  id: hold.id,
  amount: hold.amount,
  state: hold.state,
  captured: hold.captured,
  released: hold.released,
  expired: hold.expired,
  expiresAtMs: hold.expiresAtMs,
  resolvedAtMs: hold.resolvedAtMs,
});

function send(ledger: Ledger, { account, key, request, makes }: Asking) {
  const accountOf = accountId(account);
  const frame = { accountId: accountOf, idempotencyKey: key === null ? undefined : idempotencyKey.ofCaller(key) };
  const part = (amount: number | null) => (amount === null ? null : credits(amount));
  switch (request.kind) {
    case "grant": {
      const { amount, priority, expiresAtMs } = request;
      const bucket = { grantId: grantId(makes), amount: credits(amount), priority, expiresAtMs };
      return ledger.grant({ ...frame, ...bucket, source: "admin", reason: "a gift" });
    }
    case "consume":
      return ledger.consume({ ...frame, amount: credits(request.amount), action: request.action, metadata: null });
    case "revoke":
      return ledger.revoke({ ...frame, amount: credits(request.amount), reason: request.action });
    case "hold": {
      const { amount, action, by: placedBy, ttlSeconds } = request;
      const job = { holdId: holdId(makes), amount: credits(amount), action, placedBy, ttlSeconds, metadata: null };
      return ledger.hold({ ...frame, ...job });
    }
    case "extend":
      return ledger.extend({ ...frame, holdId: holdId(request.hold), by: request.by, ttlSeconds: request.ttlSeconds });
    case "capture":
      return ledger.capture({ ...frame, holdId: holdId(request.hold), by: request.by, amount: part(request.amount) });
    case "release":
      return ledger.release({ ...frame, holdId: holdId(request.hold), by: request.by, metadata: null });
    case "refund": {
      const { charge, amount } = request;
      return ledger.refund({ ...frame, chargeId: transactionId(charge), amount: part(amount), metadata: null });
    }
    default:
      return request satisfies never;
  }
}

/** What the refusal says; of a time that is not the model's to know, only that it was said. */
function refusalOf({ ...refusal }: Readonly<Record<string, unknown>>): Refusal {
  const { nowMs: _, ...rest } = refusal;
  return rest as Refusal;
}

/** Asks the engine. Whatever it throws is wrong: nothing stands in its way here. */
export async function ask(ledger: Ledger, asking: Asking): Promise<Answer> {
  try {
    const outcome = await send(ledger, asking);
    if (!outcome.ok) return { is: "refused", refusal: refusalOf(outcome.refusal) };
    const { entry, replayed, hold } = outcome.value;
    const about = hold && !replayed ? { hold: holdRow(hold) } : {};
    return { is: "done", line: entry.id, replayed, says: journalRow(entry), ...about };
  } catch (error) {
    return { is: "failed", error: nameOf(error) };
  }
}

const nameOf = (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));

/** Looks at a balance. */
export async function look(ledger: Ledger, account: string): Promise<Answer> {
  try {
    const { balance, held, expiring } = await ledger.balance(accountId(account));
    return { is: "read", balance, held, expiring };
  } catch (error) {
    return { is: "failed", error: nameOf(error) };
  }
}
