import { DEFAULT_GROUP } from "@jifen/billing";
import type { Principal } from "../credentials/principal.ts";
import { type UserDeps, type UserTarget, updateOtherUser } from "./update-user.ts";

/**
 * Sets the price group of a user: which multipliers of the catalogue count. Commands that are priced use it within five
 * seconds on every server. Refuses, in this order: SELF_ACTION_FORBIDDEN, USER_NOT_FOUND, FORBIDDEN.
 */
export const setPriceGroup = (
  deps: UserDeps,
  { priceGroup, ...target }: UserTarget & { readonly priceGroup: string },
  by: Principal,
) =>
  updateOtherUser(deps, {
    ...{ target, by, action: "users.setPriceGroup", details: { priceGroup }, endsSessions: false },
    set: { priceGroup: priceGroup === DEFAULT_GROUP ? null : priceGroup },
  });
