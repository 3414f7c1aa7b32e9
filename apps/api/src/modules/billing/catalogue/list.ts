import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { catalogueCursor, pageOf } from "../../../values/cursor.ts";
import type { Deps } from "../deps.ts";
import { toVersionOutput } from "./to-version.ts";

/** Lists versions of the catalogue, newest first. */
export const list = ({ database, catalogues }: Deps) =>
  implement(operations.adminCatalogues.list, async ({ input: { limit, cursor } }) => {
    const before = catalogueCursor.read(cursor);
    if (!before.ok) return before;
    const [found, { found: inForce }] = await Promise.all([
      database.catalogues.list({ limit: limit + 1, before: before.value }),
      catalogues.inForce(),
    ]);
    const { page, nextCursor } = pageOf(found, limit, ({ version }) => catalogueCursor.write(version));
    return ok({ items: page.map((stored) => toVersionOutput(stored, inForce?.version)), nextCursor });
  });
