import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../trpc/procedure.ts";
import { eventCursor, pageOf } from "../../values/cursor.ts";
import { isoTime } from "../../values/iso-time.ts";
import { parseTime } from "../../values/parse-time.ts";
import type { Deps } from "./deps.ts";

/** Lists audit events, newest first. */
export const list = ({ database }: Deps) =>
  implement(operations.auditLog.list, async ({ input }) => {
    const before = eventCursor.read(input.cursor);
    if (!before.ok) return before;
    const { actor, action, subject, from, to, limit } = input;
    const filter = { actor, action, subject, fromMs: parseTime(from), toMs: parseTime(to) };
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
