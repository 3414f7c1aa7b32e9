import { normaliseEmail, operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { pageOf, userCursor } from "../../../values/cursor.ts";
import type { Deps } from "../deps.ts";
import { toUserOutput } from "./to-user.ts";

/** Lists users in order of their ids. */
export const list = ({ database }: Deps) =>
  implement(operations.users.list, async ({ input }) => {
    const before = userCursor.read(input.cursor);
    if (!before.ok) return before;
    const { role, limit } = input;
    const prefix = input.prefix === undefined ? undefined : normaliseEmail(input.prefix);
    const users = await database.users.list({ prefix, role }, { limit: limit + 1, before: before.value });
    const { page, nextCursor } = pageOf(users, limit, ({ id }) => userCursor.write(id));
    return ok({ items: page.map(toUserOutput), nextCursor });
  });
