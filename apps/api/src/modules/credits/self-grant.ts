import { type AccountId, accountOf } from "@jifen/core";
import { ownUserId, type Principal } from "../identity/credentials/principal.ts";
import type { Deps } from "./deps.ts";

type Rule = Pick<Deps, "isSelfGrantAllowed">;

/** Whether an account is the principal's own: of the user in person, or of the owner of the service key. */
const isOwnAccount = (by: Principal, account: AccountId): boolean => {
  const own = ownUserId(by);
  return own !== null && accountOf(own) === account;
};

/** Whether a grant, or a release of a hold by staff, would be one to oneself, which SELF_GRANT=off refuses. The operator has no account. */
export const isForbiddenGrant = ({ isSelfGrantAllowed }: Rule, by: Principal, account: AccountId): boolean =>
  !isSelfGrantAllowed && isOwnAccount(by, account);

/**
 * Whether a refund would be one in person of an own charge, which SELF_GRANT=off refuses. By a service key it is allowed:
 * a service refunds what its own failed calls have cost.
 */
export const isForbiddenRefund = (rule: Rule, by: Principal, account: AccountId): boolean =>
  by.key === null && isForbiddenGrant(rule, by, account);
