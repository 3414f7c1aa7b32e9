import { grantSources } from "@jifen/core";
import { z } from "zod";
import { staff } from "../callers.ts";
import { zTime } from "../ids.ts";
import { bilingual } from "../language.ts";
import { zBound } from "../logs/stats.ts";
import { zLimit, zOutputText, zTimeZone } from "../primitives.ts";

/** Staff who looks at the numbers of the installation. Reading changes nothing. */
export const readStats = {
  kind: "query",
  caller: staff("stats:read", "support", "finance", "admin"),
  idempotent: false,
} as const;

/** A range of time. */
export const rangeInput = {
  from: zBound.meta({
    description: "A date, which begins in the time zone, or a time at a quarter of an hour.",
    examples: ["2026-11-01"],
  }),
  to: zBound.meta({ description: "The end, which is not included.", examples: ["2026-12-01"] }),
  tz: zTimeZone.optional().meta({ description: "The time zone of dates; that of TIME_ZONE if left out." }),
};

/** A sum over accounts: a whole number, never negative. */
export const zTotal = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

/** Up to when sums of all users are complete. */
export const zCompleteUntil = zTime.meta({
  description:
    "All that happened before this time is counted, and much of what happened later. It is at least 30 seconds before the read: an entry has the time of its decision, and is stored shortly after it.",
});

/** Credits granted, by source. */
export const zGranted = z.array(z.object({ source: z.enum(grantSources), amount: zTotal })).meta({
  maxItems: grantSources.length,
  description: "By source, the largest first; sources without grants are left out.",
});

/** One value of several, with an error that lists them. */
export const zChoice = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  z.enum(values, {
    error: bilingual({ zh: `必须是 ${values.join("、")} 之一`, en: `must be one of ${values.join(", ")}` }),
  });

/** Groups of a series that are named. */
const MAX_GROUPS = 8;

/** How many groups of a series are named. */
export const zTop = zLimit(MAX_GROUPS, MAX_GROUPS);

const zGroupKey = zOutputText(10);

/** A series. */
export const seriesOutput = {
  groups: z
    .array(
      z.object({
        key: zGroupKey.meta({ description: "`all`, `g1` to `g8`, or `other`: a key of `values`." }),
        name: zOutputText(400)
          .nullable()
          .meta({ description: "The action or the source; null for `all` and `other`." }),
      }),
    )
    .meta({ maxItems: MAX_GROUPS + 1, description: "The `top` largest first, all others as one, `other`, last." }),
  points: z
    .array(
      z.object({
        at: zTime.meta({ description: "The begin of the hour, day or month." }),
        values: z.record(zGroupKey, z.int().min(0).max(Number.MAX_SAFE_INTEGER).nullable()).meta({
          description: "The value of each group by its key. Null where there is no call with a duration.",
        }),
      }),
    )
    .meta({ maxItems: 200, description: "In order, without gaps: an hour, day or month without anything has zeros." }),
  completeUntil: zCompleteUntil,
};
