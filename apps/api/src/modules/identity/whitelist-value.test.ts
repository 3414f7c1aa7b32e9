import { describe, expect, test } from "vitest";
import { createWhitelistTags } from "./credentials/whitelist-tags.ts";
import { zWhitelist } from "./whitelist-value.ts";

const [a, b] = [
  { email: "a@b.co", password: "Pass-123456" },
  { email: "c@d.co", password: "y z" },
];
const issuesOf = (text: string) =>
  zWhitelist
    .safeParse(text)
    .error?.issues.map(({ message }) => message)
    .join("; ");

describe("USER_WHITELIST", () => {
  test.each([
    { says: "one line", text: "a@b.co:Pass-123456,c@d.co:y z" },
    { says: "white space around commas", text: " a@b.co:Pass-123456 , c@d.co:y z " },
    { says: "white space around colons, tabs and wide spaces", text: "a@b.co :\tPass-123456,\u3000c@d.co : y z\u00a0" },
    { says: "lines", text: "a@b.co:Pass-123456\nc@d.co:y z\n" },
    { says: "lines of Windows with commas and blank lines", text: "\r\na@b.co:Pass-123456,\r\n\r\n,c@d.co:y z,\r\n" },
    { says: "a full-width at sign", text: "a＠b.co:Pass-123456,C@D.co:y z" },
  ])("entries are read from $says", ({ text }) => {
    expect(zWhitelist.parse(text)).toEqual([a, b]);
  });

  test("addresses beyond ASCII are stored in one form", () => {
    const emails = zWhitelist.parse("me@münchen.de:x,jürgen@example.com:y").map(({ email }) => email);
    expect(emails).toEqual(["me@xn--mnchen-3ya.de", "jürgen@example.com"]);
    expect(issuesOf("me@münchen.de:x,me@xn--mnchen-3ya.de:y")).toContain("entry 2 has the address of an earlier one");
  });

  test.each([
    { password: "x:y" },
    { password: "p@ss;word" },
    { password: "；，、" },
    { password: "a；b@" },
    { password: "me and you@home.example" },
    { password: "，" },
  ])("the password $password is taken as it is", ({ password }) => {
    expect(zWhitelist.parse(`a@b.co:${password}`)).toEqual([{ email: "a@b.co", password }]);
  });

  test.each([
    { text: "a@b.co:x，c@d.co:y", says: 'entry 1 has "，" and an e-mail address in its password' },
    { text: "a@b.co:x;c@d.co:y", says: 'entry 1 has ";" and' },
    { text: "a@b.co:x； c@d.co:y", says: 'entry 1 has "；" and' },
    { text: "a@b.co:x|c@d.co:y", says: 'entry 1 has "|" and' },
    { text: "a@b.co:x、c@d.co：y", says: 'entry 1 has "、" and' },
    { text: "a@b.co:x c@d.co:y", says: "entry 1 has white space and" },
    { text: "a@b.co：x", says: 'entry 1 has the full-width colon "：": write the colon ":"' },
    { text: "a@b.co:x,c@d.co：y:z", says: "entry 2 has the full-width colon" },
    { text: "ann:secret", says: "the text before its first colon is not an e-mail address" },
    { text: "a@b.co:x,,c@d.co:y", says: "entry 2 must be email:password" },
    {
      text: "a@b.co: ",
      says: "entry 1 must be email:password (entries are separated by commas, so a password cannot contain one): it has no password",
    },
  ])("$text is refused: $says", ({ text, says }) => {
    expect(issuesOf(text)).toContain(says);
    expect(issuesOf(text)).not.toContain("secret");
  });
});

describe("the tag of an entry of USER_WHITELIST", () => {
  const hash = "$2b$12$e6weK9DyFp3wVoIlF17NruUilqNFXBb/o1dsrGyFTC38S/14pEZNy.";
  const tag = createWhitelistTags(["first"]).tagOf(a, hash);

  test.each<{ says: string; secrets: [string, ...string[]]; entry: typeof a; is: string }>([
    { says: "the same entry", secrets: ["first"], entry: a, is: "same" },
    { says: "another password", secrets: ["first"], entry: { ...a, password: "other" }, is: "changed" },
    { says: "another address", secrets: ["first"], entry: { ...a, email: "x@b.co" }, is: "changed" },
    { says: "a secret that replaced the first", secrets: ["second", "first"], entry: a, is: "outdated" },
    { says: "another password under an older secret", secrets: ["second", "first"], entry: b, is: "changed" },
    { says: "a secret without the first", secrets: ["second"], entry: a, is: "unknown" },
  ])("is $is for $says", ({ secrets, entry, is }) => {
    expect(createWhitelistTags(secrets).compare(entry, tag)).toEqual({ is, passwordHash: hash });
  });

  test("fits into its column and reveals no password", () => {
    expect(tag.length).toBeLessThan(255);
    expect(tag).not.toContain(a.password);
  });
});
