import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { batchCursor, pageOf } from "../../../values/cursor.ts";
import type { Deps } from "../deps.ts";
import { toBatch } from "./to-batch.ts";

/** Lists batches of redemption codes, newest first. */
export const list = ({ database }: Deps) =>
  implement(operations.codeBatches.list, async ({ input: { limit, cursor } }) => {
    const before = batchCursor.read(cursor);
    if (!before.ok) return before;
    const batches = await database.codes.batches({ limit: limit + 1, before: before.value });
    const { page, nextCursor } = pageOf(batches, limit, ({ id }) => batchCursor.write(id));
    return ok({ items: page.map(toBatch), nextCursor });
  });
