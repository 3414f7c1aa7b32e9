import { zEmail } from "@jifen/contract";
import { parseDatabaseUrl, UnsupportedDatabaseUrl } from "@jifen/database";
import { z } from "zod";
import { createClientAddress } from "../http/rate-limits/client-address.ts";
import type { Rate } from "../http/rate-limits/counters.ts";

/** Units of a time. */
export const DURATION_SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** A whole number in this range. */
export const zWholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,16}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.number().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));

/** Origins that browsers may call from. */
export const zOrigins = z.string().transform((text, issue) =>
  text.split(",").map((each) => {
    const trimmed = each.trim();
    const origin = URL.canParse(trimmed) ? new URL(trimmed) : undefined;
    if (!origin || !/^https?:$/.test(origin.protocol) || origin.pathname !== "/") {
      issue.addIssue("must be origins separated by commas, such as https://example.com,http://localhost:3000");
      return "";
    }
    return origin.origin;
  }),
);

/** `email:password`, as often as one likes; the first colon splits. */
export const zWhitelist = z.string().transform((text, issue) => {
  const emails = new Set<string>();
  return text.split(",").flatMap((entry, index) => {
    const colon = entry.indexOf(":");
    const email = zEmail.safeParse(entry.slice(0, Math.max(colon, 0)));
    const password = entry.slice(colon + 1);
    if (colon < 0 || !email.success || password === "") {
      issue.addIssue(
        `entry ${index + 1} must be email:password (entries are separated by commas, so a password cannot contain one)`,
      );
      return [];
    }
    if (Buffer.byteLength(password) > 72) {
      issue.addIssue(
        `the password of entry ${index + 1} is longer than 72 bytes, all that bcrypt looks at: choose a shorter one`,
      );
    }
    if (emails.has(email.data)) issue.addIssue(`entry ${index + 1} has the address of an earlier one: leave one out`);
    emails.add(email.data);
    return [{ email: email.data, password }];
  });
});

/** Whom mail comes from: an address, or a name and the address in angle brackets (RFC 5322, section 3.4). */
export const zMailbox = z.string().refine((text) => {
  const { address = text } = /^[^<>"\p{Cc}]+ <(?<address>[^<>]+)>$/u.exec(text)?.groups ?? {};
  return zEmail.safeParse(address).success;
}, "must be an address such as jifen@example.com, or Jifen <jifen@example.com>");

/** E-mail addresses; come out normalised. */
export const zEmails = z.string().transform((text, issue) => {
  const emails = text.split(",").map((entry) => zEmail.safeParse(entry));
  for (const [index, { success }] of emails.entries()) {
    if (!success) issue.addIssue(`entry ${index + 1} must be an e-mail address (entries are separated by commas)`);
  }
  return emails.flatMap(({ data }) => data ?? []);
});

/** A time; comes out in seconds. */
export const zDuration = z
  .string()
  .regex(/^[1-9]\d{0,8}[smhd]?$/, "must be a time such as 900s, 12h or 7d")
  .transform(
    (text) =>
      Number.parseInt(text, 10) *
      DURATION_SECONDS[(text.at(-1)?.replace(/\d/, "s") ?? "s") as keyof typeof DURATION_SECONDS],
  );

/** So many in a time; undefined for `off`, which a `default` would take for nothing said: hence `prefault`. */
export const zRate = z
  .string()
  .regex(/^(off|[1-9]\d{0,8}\/[1-9]\d{0,3}[smh])$/, "must be a number in a time, such as 600/1m, or off")
  .transform((text): Rate | undefined => {
    const { points, count, unit } = /^(?<points>\d+)\/(?<count>\d+)(?<unit>[smh])$/.exec(text)?.groups ?? {};
    if (points === undefined) return undefined;
    return { points: Number(points), seconds: Number(count) * DURATION_SECONDS[unit as keyof typeof DURATION_SECONDS] };
  });

/** Addresses and ranges of proxies. */
export const zProxies = z.string().transform((text, issue) => {
  const proxies = text.split(",").map((each) => each.trim());
  try {
    createClientAddress(proxies);
  } catch {
    issue.addIssue("must be addresses or ranges separated by commas, such as 10.0.0.0/8,::1, or loopback");
  }
  return proxies;
});

/** on or off, or true or false as others write it; comes out as true or false. */
export const zSwitch = z
  .enum(["on", "off", "true", "false"], "must be on or off")
  .transform((text) => text === "on" || text === "true");

/** Names of cookies. */
export const zCookieNames = z
  .string()
  .regex(/^[\w.-]+(,[\w.-]+)*$/, "must be names of cookies separated by commas")
  .transform((text) => text.split(","));

/** Where the database is. */
export const zDatabaseUrl = z.string().superRefine((url, issue) => {
  try {
    parseDatabaseUrl(url);
  } catch (error) {
    if (!(error instanceof UnsupportedDatabaseUrl)) throw error;
    issue.addIssue(error.message);
  }
});
