import { zEmail } from "@jifen/contract";
import { z } from "zod";
import { splitEntries } from "./whitelist-value.ts";

/** The sender of e-mail: an address, or a name and the address in angle brackets (RFC 5322, section 3.4). */
export const zMailbox = z.string().refine((text) => {
  const { address = text } = /^[^<>"\p{Cc}]+ <(?<address>[^<>]+)>$/u.exec(text)?.groups ?? {};
  return zEmail.safeParse(address).success;
}, "must be an address such as jifen@example.com, or Jifen <jifen@example.com>");

/** E-mail addresses, separated by commas or line breaks; the parsed ones are normalised. */
export const zEmails = z.string().transform((text, issue) => {
  const emails = splitEntries(text).map((entry) => zEmail.safeParse(entry));
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
