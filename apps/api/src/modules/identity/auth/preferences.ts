import { operations, timeZoneRule } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import type { User } from "@jifen/database";
import { implement } from "../../../trpc/procedure.ts";
import { invalidField } from "../../../values/invalid-field.ts";
import { isTimeZone } from "../../../values/time-zones/time-zone.ts";
import type { Deps } from "../deps.ts";
import { chosenLanguageOf } from "../users/stored-language.ts";

/** Returns the language and the time zone that the caller has chosen. */
export const preferences = ({ database }: Pick<Deps, "database">) =>
  implement(operations.auth.preferences, async ({ caller }) => {
    const user = await database.users.find(caller.userId);
    return user ? ok(toPreferences(user)) : refuse({ code: "UNAUTHENTICATED" });
  });

/** Chooses a language and a time zone for the pages and e-mails of the caller. */
export const changePreferences = ({ database, userCache }: Pick<Deps, "database" | "userCache">) =>
  implement(operations.auth.changePreferences, async ({ input: { language, timeZone }, caller: { userId } }) => {
    if (typeof timeZone === "string" && !isTimeZone(timeZone)) return invalidField("timeZone", timeZoneRule);
    const set = { ...(language !== undefined && { language }), ...(timeZone !== undefined && { timeZone }) };
    const isStored = Object.keys(set).length === 0 || (await database.users.setPreferences(userId, set));
    userCache.forget(userId);
    const user = isStored ? await database.users.find(userId) : undefined;
    // Deleted in this moment.
    return user ? ok(toPreferences(user)) : refuse({ code: "UNAUTHENTICATED" });
  });

const toPreferences = (user: Pick<User, "language" | "timeZone">) => ({
  language: chosenLanguageOf(user) ?? null,
  timeZone: user.timeZone,
});
