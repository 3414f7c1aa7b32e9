import { type Credits, type GrantId, type GrantSource, MAX_BALANCE, type Outcome, ok, refuse } from "@jifen/core";
import { type Grant, isExpired } from "../grant.ts";
import { type Posted, post, withGrant } from "../posting.ts";
import { type CommandFrame, entryIdentity } from "./frame.ts";

/** Give `amount` credits, as a bucket of their own. `reason` is kept as the transaction's action. */
export type GrantCredits = CommandFrame & {
  readonly kind: "grant";
  readonly grantId: GrantId;
  readonly amount: Credits;
  readonly source: GrantSource;
  readonly priority: number;
  /** null when they never expire. */
  readonly expiresAtMs: number | null;
  readonly reason: string;
};

/** The account would have more than MAX_BALANCE, what is set aside included. */
export type BalanceLimit = { code: "BALANCE_LIMIT"; balance: Credits; limit: number };

/** What a grant is refused for. EXPIRY_PASSED: it would be over before it began; `nowMs` is the database's clock. */
export type GrantRefusal = BalanceLimit | { code: "EXPIRY_PASSED"; nowMs: number };

/** Whether the account would have too much with `amount` more. */
export const checkBalanceLimit = ({ state: { account } }: Posted, amount: Credits): BalanceLimit | undefined =>
  account.balance + account.held + amount > MAX_BALANCE
    ? { code: "BALANCE_LIMIT", balance: account.balance, limit: MAX_BALANCE }
    : undefined;

/** What a grant's retry has to repeat beside its amount and its reason. */
export const grantRequestParams = ({
  source,
  priority,
  expiresAtMs,
}: Pick<Grant, "source" | "priority" | "expiresAtMs">): string => JSON.stringify({ source, priority, expiresAtMs });

/**
 * Decides whether the account can take `command.amount` more.
 * Refuses, in this order: EXPIRY_PASSED, BALANCE_LIMIT.
 */
export function grant(posted: Posted, command: GrantCredits, nowMs: number): Outcome<Posted, GrantRefusal> {
  if (isExpired(command, nowMs)) return refuse({ code: "EXPIRY_PASSED", nowMs });
  const limit = checkBalanceLimit(posted, command.amount);
  if (limit) return refuse(limit);
  const { kind, amount, expiresAtMs } = command;
  const bucket: Grant = {
    id: command.grantId,
    accountId: command.accountId,
    source: command.source,
    amount,
    remaining: amount,
    priority: command.priority,
    expiresAtMs,
    createdAtMs: nowMs,
  };
  const entry = {
    ...entryIdentity(command),
    kind,
    amount,
    action: command.reason,
    requestParams: grantRequestParams(command),
    referenceId: bucket.id,
    expiresAtMs,
    allocations: [{ grantId: bucket.id, amount }],
  };
  const state = withGrant(posted.state, bucket);
  return ok(post({ ...posted, state }, entry, { ...command, nowMs }));
}
