import { zEmail } from "@jifen/contract";
import { z } from "zod";

/** Entries `email:password`, separated by commas; the first colon of an entry separates its parts. */
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
        `the password of entry ${index + 1} is longer than 72 bytes, the limit of bcrypt: choose a shorter one`,
      );
    }
    if (emails.has(email.data)) issue.addIssue(`entry ${index + 1} has the address of an earlier one: leave one out`);
    emails.add(email.data);
    return [{ email: email.data, password }];
  });
});

/** The sender of e-mail: an address, or a name and the address in angle brackets (RFC 5322, section 3.4). */
export const zMailbox = z.string().refine((text) => {
  const { address = text } = /^[^<>"\p{Cc}]+ <(?<address>[^<>]+)>$/u.exec(text)?.groups ?? {};
  return zEmail.safeParse(address).success;
}, "must be an address such as jifen@example.com, or Jifen <jifen@example.com>");

/** E-mail addresses, separated by commas; the parsed ones are normalised. */
export const zEmails = z.string().transform((text, issue) => {
  const emails = text.split(",").map((entry) => zEmail.safeParse(entry));
  for (const [index, { success }] of emails.entries()) {
    if (!success) issue.addIssue(`entry ${index + 1} must be an e-mail address (entries are separated by commas)`);
  }
  return emails.flatMap(({ data }) => data ?? []);
});

/** Names of cookies, separated by commas. */
export const zCookieNames = z
  .string()
  .regex(/^[\w.-]+(,[\w.-]+)*$/, "must be names of cookies separated by commas")
  .transform((text) => text.split(","));
