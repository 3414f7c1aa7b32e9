import type { JifenOutputs } from "@jifen/client";
import type { NavigateOptions } from "@tanstack/react-router";
import type { UserTab } from "./users/user-tabs.ts";

/** Something that the search found. */
export type Found = JifenOutputs["search"]["find"]["items"][number];

/** A part of the page of a user, with the row of what was found marked. */
const userPage = ({ id, userId }: Found, tab: UserTab): NavigateOptions =>
  userId === null
    ? { to: "/console/users" }
    : { to: "/console/users/$userId", params: { userId }, search: { tab, id } };

/** The page of what was found. */
export function linkTo(found: Found): NavigateOptions {
  const { kind, id, userId } = found;
  switch (kind) {
    case "user":
      return { to: "/console/users/$userId", params: { userId: id } };
    case "transaction":
      return { to: "/console/transactions/$transactionId", params: { transactionId: id } };
    case "hold":
      return userPage(found, "holds");
    case "grant":
      return userPage(found, "grants");
    case "log":
      return { to: "/console/logs/$logId", params: { logId: id } };
    case "order":
      return { to: "/console/orders/$orderId", params: { orderId: id } };
    case "key":
      return { to: "/console/keys", search: { q: userId ?? undefined } };
    default:
      return kind satisfies never;
  }
}
