import type { UserId } from "@jifen/core";
import type { Records } from "../records/records.ts";
import type { Page } from "./page.ts";
import { toUser, type User } from "./user.ts";

/** Which users to list: those that are not deleted, and of these only the ones that match. */
export type UserFilter = {
  /** The first characters of the id. */
  readonly prefix?: string | undefined;
  readonly role?: string | undefined;
  /** Users who have the role whatever their rows say: they match as well. */
  readonly orIds?: readonly UserId[] | undefined;
  readonly isSuspended?: boolean | undefined;
  /** Newest first instead of in the order of the ids. */
  readonly isNewestFirst?: boolean | undefined;
};

/** Where a page of users ended. */
export type UserPosition = Pick<User, "id" | "createdAtMs">;

/** Reads a page of users, through an index of each filter and order. */
export async function listUsers(
  records: Records,
  { prefix, role, orIds = [], isSuspended, isNewestFirst = false }: UserFilter,
  { limit, before }: Page<UserPosition>,
): Promise<readonly User[]> {
  const where = {
    id: { prefix },
    deletedAtMs: null,
    ...(isSuspended !== undefined && { suspendedAtMs: isSuspended ? { gte: 0 } : null }),
    ...(role !== undefined && orIds.length > 0 ? { or: [{ role }, { id: { in: orIds } }] } : { role }),
  };
  const order = isNewestFirst
    ? ({ by: ["createdAtMs", "id"], direction: "desc", after: before } as const)
    : ({ by: ["id"], after: before && { id: before.id } } as const);
  return (await records.list("users", { where, ...order, limit })).map(toUser);
}
