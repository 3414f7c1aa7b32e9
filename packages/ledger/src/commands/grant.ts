import { type Credits, type GrantId, type GrantSource, MAX_BALANCE, type Outcome, ok, refuse } from "@jifen/core";
import { type Grant, isExpired } from "../grant.ts";
import { type Posted, post, withGrant } from "../posting.ts";
import { type CommandBase, entryIdentity } from "./command-base.ts";

/** Grants `amount` credits. `reason` becomes the entry's action. */
export type GrantCredits = CommandBase & {
  readonly kind: "grant";
  readonly grantId: GrantId;
  readonly amount: Credits;
  readonly source: GrantSource;
  readonly priority: number;
  /** null if the grant never expires. */
  readonly expiresAtMs: number | null;
  readonly reason: string;
};

/** The account would exceed MAX_BALANCE, held credits included. */
export type BalanceLimit = { code: "BALANCE_LIMIT"; balance: Credits; limit: number };

/** Refusals of a grant. EXPIRY_PASSED: the expiry is not later than `nowMs`, the database's clock. */
export type GrantRefusal = BalanceLimit | { code: "EXPIRY_PASSED"; nowMs: number };

/** The refusal if the account would exceed the limit with `amount` more. */
export const checkBalanceLimit = ({ state: { account } }: Posted, amount: Credits): BalanceLimit | undefined =>
  account.balance + account.held + amount > MAX_BALANCE
    ? { code: "BALANCE_LIMIT", balance: account.balance, limit: MAX_BALANCE }
    : undefined;

/** The fields besides the amount and the reason that a retry must repeat. */
export const grantRequestParams = ({
  source,
  priority,
  expiresAtMs,
}: Pick<Grant, "source" | "priority" | "expiresAtMs">): string => JSON.stringify({ source, priority, expiresAtMs });

/**
 * Decides whether `command.amount` can be granted.
 * Refuses, in this order: EXPIRY_PASSED, BALANCE_LIMIT.
 */
export function grant(posted: Posted, command: GrantCredits, nowMs: number): Outcome<Posted, GrantRefusal> {
  if (isExpired(command, nowMs)) return refuse({ code: "EXPIRY_PASSED", nowMs });
  const limit = checkBalanceLimit(posted, command.amount);
  if (limit) return refuse(limit);
  const { kind, amount, expiresAtMs } = command;
  const newGrant: Grant = {
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
    referenceId: newGrant.id,
    expiresAtMs,
    allocations: [{ grantId: newGrant.id, amount }],
  };
  const state = withGrant(posted.state, newGrant);
  return ok(post({ ...posted, state }, entry, { ...command, nowMs }));
}
