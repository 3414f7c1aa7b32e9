import { describe, expect, test } from "vitest";
import { normaliseEmail, normaliseUserId, zEmail, zProvidedEmail } from "./email-address.ts";

describe("an e-mail address", () => {
  test.each([
    { text: " Ann＠Example.com ", email: "ann@example.com" },
    { text: "ａｎｎ@example。com", email: "ann@example.com" },
    { text: "O'Brien+x_y-z@mail.example.com", email: "o'brien+x_y-z@mail.example.com" },
    { text: "jürgen@example.com", email: "jürgen@example.com" },
    { text: "JU\u0308RGEN@example.com", email: "jürgen@example.com" },
    { text: "me@münchen.de", email: "me@xn--mnchen-3ya.de" },
    { text: "me@MU\u0308NCHEN.DE", email: "me@xn--mnchen-3ya.de" },
    { text: "me@XN--MNCHEN-3YA.de", email: "me@xn--mnchen-3ya.de" },
    { text: "用户@例子.中国", email: "用户@xn--fsqu00a.xn--fiqs8s" },
    { text: "用户@例子。中国", email: "用户@xn--fsqu00a.xn--fiqs8s" },
    { text: "δοκιμή@παράδειγμα.δοκιμή", email: "δοκιμή@xn--hxajbheg2az3al.xn--jxalpdlp" },
    { text: "хиппи@пример.рф", email: "хиппи@xn--e1afmkfd.xn--p1ai" },
    { text: "संपर्क@डाटामेल.भारत", email: "संपर्क@xn--c2bd4bq1db8d.xn--h2brj9c" },
    { text: "me@straße.de", email: "me@xn--strae-oqa.de" },
  ])("$text is stored as $email", ({ text, email }) => {
    expect(zEmail.parse(text)).toBe(email);
    expect(zEmail.parse(email)).toBe(email);
    expect(normaliseUserId(email)).toBe(email);
  });

  test.each([
    ["no @", "ann"],
    ["two @", "ann@example.com@evil.com"],
    ["two @, one of them full-width", "ann@example.com＠evil.com"],
    ["no local part", "@example.com"],
    ["no domain", "ann@"],
    ["a domain of one label", "ann@localhost"],
    ["an IPv4 address", "ann@127.0.0.1"],
    ["an IPv4 address in hexadecimal", "ann@０x7f.1"],
    ["an empty label", "ann@ü..com"],
    ["a dot at an end", "ü.@example.com"],
    ["a path after the domain", "ann@ü.com/a"],
    ["a port after the domain", "ann@ü.com:80"],
    ["a percent sign in the domain", "ann@ü%2ecom"],
    ["a user before the domain", "ann@ü:x@ü.com"],
    ["a soft hyphen in the domain", "ann@mün\u00adchen.de"],
    ["a zero-width space", "an\u200bn@example.com"],
    ["a zero-width joiner", "an\u200dn@example.com"],
    ["an override of direction", "an\u202en@example.com"],
    ["an isolate of direction in the domain", "ann@\u2066ü.com"],
    ["a Hangul filler, which is a letter", "ann\u3164@example.com"],
    ["a variation selector, which is a mark", "ann\ufe0f@example.com"],
    ["a combining grapheme joiner", "a\u034fnn@example.com"],
    ["a mark without a letter", "\u0301ann@example.com"],
    ["a space", "an n@example.com"],
    ["a no-break space", "an\u00a0n@example.com"],
    ["a control character", "an\u0085n@example.com"],
    ["a NUL", "ann\0@example.com"],
    ["a lone surrogate", "ann\ud800@example.com"],
    ["a symbol", "☃@example.com"],
    ["a private character", "ann\ue000@example.com"],
    ["254 characters of more than 254 bytes", `${"ü".repeat(130)}@example.com`],
    ["more than 254 bytes", `${"a".repeat(250)}@example.com`],
  ])("an address with %s is refused", (_, text) => {
    expect(zEmail.safeParse(text).success).toBe(false);
  });

  test("254 bytes are accepted", () => {
    expect(zEmail.safeParse(`${"ü".repeat(121)}@example.com`).success).toBe(true);
  });

  test("the beginning of an address is normalised without a domain", () => {
    expect([normaliseEmail("JÜR"), normaliseEmail("Me@"), normaliseEmail("me@Exa")]).toEqual(["jür", "me@", "me@exa"]);
  });

  test.each([
    "ﬁn@example.com",
    "ａnn@example.com",
    "mar\u212a@example.com",
    "\u2126@example.com",
    "x²@example.com",
    "№1@example.com",
  ])("%s of another system is the address of no user, because other texts have the same normal form", (text) => {
    expect(zProvidedEmail.safeParse(text).success).toBe(false);
    expect(normaliseUserId(text)).toBe(text);
    expect(zEmail.safeParse(text).data).not.toBe(text);
  });

  test("an id of a site keeps its case: it is no address, and another system has different users whose ids differ in it", () => {
    expect(["user_2aB", " user_2Ab "].map(normaliseUserId)).toEqual(["user_2aB", "user_2Ab"]);
  });

  test("normalisation is stable, and no character that is not exact is an id by itself, for every character of Unicode", () => {
    const wrong: string[] = [];
    for (let code = 0; code <= 0x10ffff; code += 1) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const text = `a${String.fromCodePoint(code)}b@example.com`;
      const { data: email } = zEmail.safeParse(text);
      if (email === undefined) continue;
      const provided = zProvidedEmail.safeParse(text).data;
      const isStable = normaliseEmail(email) === email && zProvidedEmail.safeParse(email).data === email;
      // An address of ASCII is reached from ASCII only.
      const isReached =
        provided !== undefined && /^[ -~]*$/.test(provided) && !/^[ -~]*$/.test(text.replace(/[＠﹫]/, "@"));
      if (!isStable || isReached) wrong.push(text);
    }
    expect(wrong).toEqual([]);
  });
});
