import { credits, userId } from "@jifen/core";
import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { createQuoteTokens, type Quote } from "./quote-tokens.ts";

const quote: Quote = {
  ...{ userId: userId("ann@example.com"), action: "视频", credits: credits(12), expiresAtMs: 1_700_000_000_000 },
  pin: { v: 3, p: { model: "m1", seconds: "12" }, g: "vip", f: "0.45" },
};
const [secret, older] = ["a".repeat(40), "b".repeat(40)];
const invalid = { ok: false, refusal: { code: "QUOTE_INVALID" } };

describe("the token of a quote", () => {
  test("has all of the quote, also after its end", async () => {
    const tokens = await createQuoteTokens([secret]);
    expect(await tokens.verify(await tokens.sign(quote), quote)).toEqual({ ok: true, value: quote });
  });

  test("is verified by every secret that was used, and by no other", async () => {
    const signed = await (await createQuoteTokens([older])).sign(quote);
    expect(await (await createQuoteTokens([secret, older])).verify(signed, quote)).toMatchObject({ ok: true });
    expect(await (await createQuoteTokens([secret])).verify(signed, quote)).toEqual(invalid);
  });

  test("is refused for another user or another action", async () => {
    const tokens = await createQuoteTokens([secret]);
    const signed = await tokens.sign(quote);
    expect(await tokens.verify(signed, { ...quote, userId: userId("bob@example.com") })).toEqual(invalid);
    expect(await tokens.verify(signed, { ...quote, action: "video" })).toEqual(invalid);
  });

  test.each([0, 1, 2])("is refused when a character of part %i is another one", async (part) => {
    const tokens = await createQuoteTokens([secret]);
    const parts = (await tokens.sign(quote)).split(".");
    const text = parts[part] ?? "";
    parts[part] = `${text.slice(0, 5)}${text[5] === "A" ? "B" : "A"}${text.slice(6)}`;
    expect(await tokens.verify(parts.join("."), quote)).toEqual(invalid);
  });

  test("is no quote when it is signed with JWT_SECRET itself, which signs sessions", async () => {
    const tokens = await createQuoteTokens([secret]);
    const header = JSON.parse(Buffer.from((await tokens.sign(quote)).split(".")[0] ?? "", "base64url").toString());
    const forged = await new SignJWT({ act: quote.action, cr: 1, ...quote.pin })
      .setProtectedHeader(header)
      .setIssuer("jifen")
      .setSubject(quote.userId)
      .setExpirationTime(4_000_000_000)
      .sign(new TextEncoder().encode(secret));
    expect(await tokens.verify(forged, quote)).toEqual(invalid);
  });
});
