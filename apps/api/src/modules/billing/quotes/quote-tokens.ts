import { createHash, hkdfSync } from "node:crypto";
import { type Credits, credits, type Outcome, ok, refuse, type UserId } from "@jifen/core";
import { base64url, decodeProtectedHeader, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { isCompactToken } from "../../../values/base64url.ts";
import type { PricePin } from "../pricing/price-pin.ts";

/** What a quote says: this user can have this action, so priced, for these credits until then. */
export type Quote = {
  readonly userId: UserId;
  readonly action: string;
  readonly credits: Credits;
  readonly pin: PricePin;
  /** By the database's clock. */
  readonly expiresAtMs: number;
};

/** Signs and verifies quotes. */
export type QuoteTokens = {
  sign(quote: Quote): Promise<string>;
  /** Reads a quote of this user and action, expired or not. Refuses a text that is none: QUOTE_INVALID. */
  verify(
    token: string,
    of: Pick<Quote, "userId" | "action">,
  ): Promise<Outcome<Quote, { readonly code: "QUOTE_INVALID" }>>;
};

const ISSUER = "jifen";
const TYPE = "jifen-quote+jwt";
/** The key is derived for quotes alone: no other token is a quote, and no quote is another token. */
const INFO = "Jifen quotes";

const zClaims = z.object({
  sub: z.string(),
  act: z.string(),
  cr: z.int().min(0),
  v: z.int(),
  p: z.record(z.string(), z.string()),
  g: z.string(),
  f: z.string(),
  exp: z.int(),
});

type QuoteKey = { readonly id: string; readonly key: CryptoKey };

type CryptoKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

async function quoteKey(secret: string): Promise<QuoteKey> {
  const bytes = new Uint8Array(hkdfSync("sha256", secret, "", INFO, 32));
  return {
    // It reveals nothing about a key of 256 random-looking bits.
    id: base64url.encode(createHash("sha256").update(bytes).digest()).slice(0, 11),
    key: await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]),
  };
}

const invalid = refuse({ code: "QUOTE_INVALID" } as const);

/** Creates quotes as HS256 tokens. @param secrets those of JWT_SECRET: the first signs, all verify */
export async function createQuoteTokens(secrets: readonly [string, ...string[]]): Promise<QuoteTokens> {
  const [signer, ...older] = await Promise.all([quoteKey(secrets[0]), ...secrets.slice(1).map(quoteKey)]);
  const keys = new Map([signer, ...older].map(({ id, key }) => [id, key]));
  return {
    sign: ({ userId, action, credits: amount, pin: { v, p, g, f }, expiresAtMs }) =>
      new SignJWT({ act: action, cr: amount, v, p, g, f })
        .setProtectedHeader({ alg: "HS256", typ: TYPE, kid: signer.id })
        .setIssuer(ISSUER)
        .setSubject(userId)
        .setExpirationTime(Math.floor(expiresAtMs / 1_000))
        .sign(signer.key),

    verify: async (token, { userId, action }) => {
      if (!isCompactToken(token, 3)) return invalid;
      const claims = await readClaims(token, keys);
      if (!claims || claims.sub !== userId || claims.act !== action) return invalid;
      const { cr, v, p, g, f, exp } = claims;
      return ok({ userId, action, credits: credits(cr), pin: { v, p, g, f }, expiresAtMs: exp * 1_000 });
    },
  };
}

/** The claims of a token with a good signature; undefined for any other text. */
async function readClaims(token: string, keys: ReadonlyMap<string, CryptoKey>) {
  try {
    const key = keys.get(decodeProtectedHeader(token).kid ?? "");
    if (!key) return undefined;
    const { payload } = await jwtVerify(token, key, {
      ...{ algorithms: ["HS256"], typ: TYPE, issuer: ISSUER, requiredClaims: ["sub", "exp"] },
      // The database's clock decides whether a quote has expired, and an expired one still recognises a retry.
      currentDate: new Date(0),
    });
    const parsed = zClaims.safeParse(payload);
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
