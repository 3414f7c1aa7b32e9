import { MAX_AMOUNT, MAX_BALANCE } from "@jifen/core";
import { z } from "zod";
import { normaliseUserId } from "./email-address.ts";
import { bilingual, type Wording } from "./language.ts";

const rule = (wording: Wording) => ({ error: bilingual(wording) });

/** Without control characters and lone surrogates, which not every database can store. */
export const isPrintable = (text: string): boolean => text.isWellFormed() && !/\p{Cc}/u.test(text);

/** What is right where an amount is wrong. */
export const amountWording = {
  zh: `必须是 1 到 ${MAX_AMOUNT} 之间的整数`,
  en: `must be a whole number from 1 to ${MAX_AMOUNT}`,
};
const amountRule = rule(amountWording);

/** An amount of credits in an input: an integer, 1 to 10^12. */
export const zAmount = z
  .int(amountRule)
  .min(1, amountRule)
  .max(MAX_AMOUNT, amountRule)
  .meta({ id: "Amount", description: "Whole credits.", examples: [5] });

/** An amount of credits in a response: an integer, 0 to 10^15. */
export const zCredits = z
  .int()
  .min(0)
  .max(MAX_BALANCE)
  .meta({ id: "Credits", description: "Whole credits, never negative.", examples: [95] });

const actionRule = rule({
  zh: "必须是 1 到 100 个字符的文本，不含控制字符",
  en: "must be text of 1 to 100 characters without control characters",
});

/** The charged action: 1 to 100 characters (code points), such as `jimeng_video_generation`. */
export const zAction = z
  .string(actionRule)
  .refine((text) => text.trim().length > 0 && [...text].length <= 100 && isPrintable(text), actionRule)
  .meta({ id: "Action", minLength: 1, maxLength: 100, examples: ["jimeng_video_generation"] });

const keyRule = rule({
  zh: "必须是 1 到 255 个可见 ASCII 字符",
  en: "must be 1 to 255 visible ASCII characters",
});

/** An idempotency key: 1 to 255 visible ASCII characters. Requests with the same key take effect only once. */
export const zIdempotencyKey = z
  .string(keyRule)
  .regex(/^[\x21-\x7e]{1,255}$/, keyRule)
  .meta({ id: "IdempotencyKey", maxLength: 255, examples: ["7c1f5b9e-5d5e-4b7e-9a53-0d9e1f2b3c4d"] });

/** Text in a response. `maxLength` is only documented, not checked: the stored value was checked on input. */
export const zOutputText = (maxLength: number) => z.string().meta({ maxLength });

/**
 * The length of a cursor at most. The longest one names a payment in review by its time, kind and 100 characters of up to
 * three bytes; the next one a user by the creation time and an id of 254 bytes. Base64 takes 4 characters for 3 bytes.
 */
const MAX_CURSOR = 512;

/** The cursor of the next page in a response. */
export const zNextCursor = zOutputText(MAX_CURSOR)
  .nullable()
  .meta({ description: "The cursor of the next page; null on the last page." });

/** One page of a list and the cursor of the next one. */
export const zPage = <Item extends z.ZodType>(item: Item) =>
  z.object({
    items: z.array(item).meta({ maxItems: 100 }),
    nextCursor: zNextCursor,
  });

const userIdRule = rule({
  zh: "必须是用户 ID（邮箱地址，或网站的用户 ID）",
  en: "must be a user id (an e-mail address, or the id of a site)",
});

/** A user id: an e-mail address, or an id of a site. The output is normalised, without changing which user it names. */
export const zUserId = z
  .string(userIdRule)
  .min(1, userIdRule)
  .max(320, userIdRule)
  .meta({ id: "UserId", examples: ["user@example.com"] })
  .transform(normaliseUserId)
  .pipe(z.string().min(1, userIdRule).refine(isPrintable, userIdRule));

const timestampRule = rule({
  zh: "必须是带时区的 ISO 8601 时间，例如 2025-01-01T00:00:00.000Z",
  en: "must be an ISO 8601 time with a time zone, such as 2025-01-01T00:00:00.000Z",
});

/** The latest time in UTC with a four-digit year. */
const END_OF_TIME_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** ISO 8601 with `Z` or an offset. `Date.parse` keeps its milliseconds and drops smaller digits. */
export const zTimestamp = z.iso
  .datetime({ offset: true, ...timestampRule })
  .max(64, timestampRule)
  .refine((text) => !(Date.parse(text) > END_OF_TIME_MS), timestampRule)
  .meta({
    id: "Timestamp",
    description: "ISO 8601 with a time zone. Digits below the millisecond are dropped.",
    examples: ["2025-01-01T00:00:00.000Z"],
  });

/** What is right where a text is no time zone. */
export const timeZoneRule: Wording = {
  zh: "必须是 IANA 时区，例如 Asia/Shanghai",
  en: "must be an IANA time zone, such as Asia/Shanghai",
};
const zoneRule = rule(timeZoneRule);

/** The name of a time zone. The server checks that it exists. */
export const zTimeZone = z
  .string(zoneRule)
  .min(1, zoneRule)
  .max(64, zoneRule)
  .meta({ examples: ["Asia/Shanghai"] });

const booleanRule = rule({ zh: "必须是 true 或 false", en: "must be true or false" });

/** true or false, not "true". */
export const zBoolean = z.boolean(booleanRule);

/** Text of 1 to `max` characters. */
export function zText(max: number) {
  const textRule = rule({ zh: `必须是 1 到 ${max} 个字符的文本`, en: `must be text of 1 to ${max} characters` });
  return z.string(textRule).min(1, textRule).max(max, textRule);
}

/** Text of 1 to `max` characters without control characters. */
export function zSingleLine(max: number) {
  const lineRule = rule({
    zh: `必须是 1 到 ${max} 个字符的文本，不含控制字符`,
    en: `must be text of 1 to ${max} characters without control characters`,
  });
  return z.string(lineRule).min(1, lineRule).max(max, lineRule).refine(isPrintable, lineRule);
}

/**
 * The maximum number of items on a page: 1 to `max`, by default `fallback`. It also accepts decimal text, because query
 * parameters are text.
 */
export function zLimit(max: number, fallback: number) {
  const limitRule = rule({ zh: `必须是 1 到 ${max} 之间的整数`, en: `must be a whole number from 1 to ${max}` });
  const decimalText = z
    .string()
    .regex(/^[1-9]\d{0,15}$/)
    .transform(Number);
  return z
    .union([z.int(), decimalText], limitRule)
    .pipe(z.int(limitRule).min(1, limitRule).max(max, limitRule))
    .default(fallback)
    .meta({
      override: ({ jsonSchema }: { jsonSchema: Record<string, unknown> }) => {
        // In the documentation it is an integer only: every query parameter is text.
        delete jsonSchema["anyOf"];
        Object.assign(jsonSchema, { type: "integer", format: "int32", minimum: 1, maximum: max, default: fallback });
      },
    });
}

const cursorRule = rule({
  zh: "必须是上一页返回的游标，原样传回",
  en: "must be the unchanged nextCursor of the previous page",
});

/** The opaque start of a page: visible ASCII characters. */
export const zCursor = z
  .string(cursorRule)
  .max(MAX_CURSOR, cursorRule)
  .regex(/^[\x21-\x7e]+$/, cursorRule)
  .meta({
    id: "Cursor",
    minLength: 1,
    maxLength: MAX_CURSOR,
    description: "`nextCursor` of the previous page; opaque.",
  });

const pathIdRule = rule({
  zh: "必须是 1 到 100 个字母、数字或连字符",
  en: "must be 1 to 100 letters, digits or hyphens",
});

/** An id that can be a path parameter: 1 to 100 characters of `A-Z a-z 0-9 -`. */
export const zPathId = (example: string) =>
  z
    .string(pathIdRule)
    .regex(/^[A-Za-z0-9-]{1,100}$/, pathIdRule)
    .meta({ maxLength: 100, examples: [example] });

/** true or false; in a query also as text. */
export const zQueryBoolean = z
  .union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")], booleanRule)
  .meta({ override: { type: "boolean" } });
