import { operations } from "@jifen/contract";
import { ok } from "@jifen/ledger";
import { eventCursor, pageOf } from "../cursor.ts";
import type { Deps } from "../deps.ts";
import { isoTime } from "../iso-time.ts";
import { momentOf } from "../moment-of.ts";
import { implement } from "../trpc.ts";

/** Who did what to whom, newest first. */
export const list = ({ database }: Deps) =>
  implement(operations.auditLog.list, async ({ input }) => {
    const before = eventCursor.read(input.cursor);
    if (!before.ok) return before;
    const { actor, action, subject, from, to, limit } = input;
    const filter = { actor, action, subject, fromMs: momentOf(from), toMs: momentOf(to) };
    const events = await database.auditLog.list(filter, { limit: limit + 1, before: before.value });
    const { page, nextCursor } = pageOf(events, limit, ({ id }) => eventCursor.write(id));
    const items = page.map(({ id, atMs, details, ...event }) => ({
      ...event,
      eventId: id,
      at: isoTime(atMs),
      details: details === null ? null : JSON.parse(details),
    }));
    return ok({ items, nextCursor });
  });
