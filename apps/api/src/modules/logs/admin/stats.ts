import { bilingual, operations } from "@jifen/contract";
import { ok, refuse, userId } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { readStats } from "../read-stats.ts";
import { readTopUsers } from "../read-top-users.ts";

const onlyByUser = {
  path: "top",
  message: bilingual({ zh: "仅用于 by=user", en: "is for by=user only; leave it out" }),
};

/** Sums calls and credits of a user, or of all users, by hour, day or month, or of the users with most, for staff. */
export const stats = (deps: Deps) =>
  implement(operations.adminLogs.stats, async ({ input }) => {
    const { userId: id, by, top, ...range } = input;
    if (by === "user") return readTopUsers(deps, input);
    if (top !== undefined) return refuse({ code: "VALIDATION_FAILED", issues: [onlyByUser] });
    const user = id === undefined ? undefined : userId(id);
    if (user !== undefined && !(await deps.userCache.find(user))) return refuse({ code: "USER_NOT_FOUND" });
    const read = await readStats(deps, { ...range, by }, user);
    if (!read.ok) return read;
    return ok({ ...read.value, spans: read.value.spans.map((span) => ({ ...span, userId: null })) });
  });
