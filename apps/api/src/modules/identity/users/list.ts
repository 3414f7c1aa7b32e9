import { operations, type Role } from "@jifen/contract";
import { ok, userId } from "@jifen/core";
import type { UserFilter } from "@jifen/database";
import { implement } from "../../../trpc/procedure.ts";
import { newestUserCursor, pageOf, userCursor } from "../../../values/cursor.ts";
import type { Deps } from "../deps.ts";
import { effectiveRole } from "../use-cases/power.ts";
import { idPrefixOf } from "./id-prefix.ts";
import { readBalances } from "./read-balances.ts";
import { toUserOutput } from "./to-user.ts";

/** Lists users, by id or newest first. */
export const list = (deps: Deps) =>
  implement(operations.users.list, async ({ input, caller }) => {
    const { role, state, limit } = input;
    const isNewestFirst = input.order === "newest";
    const before = isNewestFirst ? newestUserCursor.read(input.cursor) : positionOf(userCursor.read(input.cursor));
    if (!before.ok) return before;
    const found = await deps.database.users.list(
      {
        prefix: input.prefix === undefined ? undefined : await idPrefixOf(deps, input.prefix),
        ...withRole(deps, role),
        isSuspended: state && state === "suspended",
        isNewestFirst,
      },
      // Some of the users with a stored role have another one by the settings: there can be that many more rows.
      { limit: limit + 1 + (role === undefined ? 0 : deps.adminEmails.size), before: before.value },
    );
    const users = found.filter((user) => role === undefined || effectiveRole(user, deps.adminEmails) === role);
    const { page, nextCursor } = pageOf(users, limit, (last) =>
      isNewestFirst ? newestUserCursor.write(last) : userCursor.write(last.id),
    );
    const balances = await readBalances(
      deps,
      page.map(({ id }) => id),
      { with: input.with, caller },
    );
    if (!balances.ok) return balances;
    return ok({ items: page.map((user) => ({ ...toUserOutput(deps, user), ...balances.value(user.id) })), nextCursor });
  });

/** The order by id needs no time. */
function positionOf(cursor: ReturnType<typeof userCursor.read>) {
  return cursor.ok ? ok(cursor.value && { id: cursor.value, createdAtMs: 0 }) : cursor;
}

/** Rows that can have the role: users of ADMIN_EMAILS are admins, with few exceptions, whatever is stored. */
const withRole = ({ adminEmails }: Deps, role: Role | undefined): Pick<UserFilter, "role" | "orIds"> => ({
  role,
  orIds: role === "admin" ? [...adminEmails].map(userId) : [],
});
