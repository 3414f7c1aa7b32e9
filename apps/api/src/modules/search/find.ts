import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../trpc/procedure.ts";
import { idPrefixOf } from "../identity/users/id-prefix.ts";
import type { Deps } from "./deps.ts";
import { findById } from "./find-by-id.ts";

const MAX_USERS = 8;

/** Finds what an id names, and the users whose address begins with the text. Each look-up goes through an index. */
export const find = (deps: Deps) =>
  implement(operations.search.find, async ({ input: { q }, caller }) => {
    const text = q.trim();
    // A service key in a log names its id; the key itself is for admins.
    const isAdmin = caller.role === "admin";
    const [named, users] = await Promise.all([
      findById(deps, text, isAdmin),
      idPrefixOf(deps, text).then((prefix) => deps.database.users.list({ prefix }, { limit: MAX_USERS })),
    ]);
    const found = users.map(({ id, name }) => ({ kind: "user" as const, id, userId: id, label: name }));
    return ok({ items: [...named, ...found] });
  });
