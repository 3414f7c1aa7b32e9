import { zEmail } from "@jifen/contract";
import { z } from "zod";
import type { WhitelistEntry } from "./use-cases/apply-whitelist.ts";

/** Entries separated by commas and line breaks, without the white space around them. Blank lines and a comma at an end of a line are no entries. */
export const splitEntries = (text: string): readonly string[] =>
  text
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
    .map((line) => line.trim().replace(/^,|,$/g, "").trim())
    .filter((line) => line !== "")
    .flatMap((line) => line.split(",").map((entry) => entry.trim()));

/** What can be meant as a separator, followed by what can be an address: white space only before `address:`. */
const otherSeparator =
  /(?<separator>[，;；、|])\s*(?<address>[^\s,:：，;；、|]+)|(?<space>\s)(?<named>[^\s:：]+)\s*[:：]/gu;

/** The separator in a password that is followed by an e-mail address; undefined when there is none. */
function misreadSeparator(password: string): string | undefined {
  for (const { groups } of password.matchAll(otherSeparator)) {
    const { separator, address, named } = groups ?? {};
    if (zEmail.safeParse(address ?? named).success) return separator === undefined ? "white space" : `"${separator}"`;
  }
  return undefined;
}

type Parsed = { readonly entry: WhitelistEntry } | { readonly problem: string };

const FORMAT = "must be email:password (entries are separated by commas, so a password cannot contain one)";

function parseEntry(text: string): Parsed {
  const [colon, wide] = [text.indexOf(":"), text.indexOf("：")];
  if (wide >= 0 && (colon < 0 || wide < colon))
    return { problem: 'has the full-width colon "：": write the colon ":"' };
  if (colon < 0) return { problem: FORMAT };
  const [address, password] = [text.slice(0, colon).trim(), text.slice(colon + 1).trim()];
  const email = zEmail.safeParse(address);
  if (!email.success) return { problem: `${FORMAT}: the text before its first colon is not an e-mail address` };
  if (password === "") return { problem: `${FORMAT}: it has no password` };
  const separator = misreadSeparator(password);
  if (separator !== undefined) {
    return {
      problem: `has ${separator} and an e-mail address in its password: separate entries with commas or line breaks`,
    };
  }
  if (Buffer.byteLength(password) > 72) {
    return { problem: "has a password longer than 72 bytes, the limit of bcrypt: choose a shorter one" };
  }
  return { entry: { email: email.data, password } };
}

/** Entries `email:password`; the first colon of an entry separates its parts. */
export const zWhitelist = z.string().transform((text, issue) => {
  const emails = new Set<string>();
  return splitEntries(text).flatMap((each, index) => {
    const parsed = parseEntry(each);
    if ("problem" in parsed) {
      issue.addIssue(`entry ${index + 1} ${parsed.problem}`);
      return [];
    }
    const { email } = parsed.entry;
    if (emails.has(email)) issue.addIssue(`entry ${index + 1} has the address of an earlier one: leave one out`);
    emails.add(email);
    return [parsed.entry];
  });
});
