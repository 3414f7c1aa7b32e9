import { type Language, type Role, roles } from "@jifen/contract";
import { type UserId, userId } from "@jifen/core";
import { v4 as uuid } from "uuid";
import { z } from "zod";
import { createSignedTokens } from "../../identity/credentials/signed-tokens.ts";

/** How long a link is valid: a browser follows it immediately. */
const LINK_SECONDS = 60;

/** The streams that a link can run. */
export const linkedStreams = ["logs", "adminLogs", "transactions"] as const;

/** What a link says: whose file it is, and which. */
export type ExportLink = {
  readonly userId: UserId;
  /** The version of the user's sessions: the link ends with them. */
  readonly version: number;
  /** The session that created the link: the link ends with it. */
  readonly sessionId: string;
  /** The role of that session, which can be less than that of the user. */
  readonly role: Role;
  readonly stream: (typeof linkedStreams)[number];
  /** The input of the stream, as the caller sent it. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly language: Language;
};

/** A link that was verified, with the id under which it is used up. */
type VerifiedLink = ExportLink & {
  readonly jti: string;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
};

/** Issues and verifies the tokens of links. */
export type ExportLinks = {
  issue(link: ExportLink): Promise<{ readonly token: string; readonly expiresAtMs: number }>;
  /** undefined for a token that is expired or not of this server. Whether it was used is not checked here. */
  verify(token: string): Promise<VerifiedLink | undefined>;
};

const zClaims = z.object({
  sid: z.string(),
  role: z.enum(roles),
  stream: z.enum(linkedStreams),
  input: z.record(z.string(), z.unknown()),
  language: z.enum(["zh", "en"]),
});

/** Tokens of the type `export+jwt`: a link is no session, and a session is no link. */
export async function createExportLinks(options: {
  readonly secrets: readonly [string, ...string[]];
  readonly nowMs: () => number;
}): Promise<ExportLinks> {
  const signed = await createSignedTokens({ ...options, type: "export+jwt", maxAgeSeconds: LINK_SECONDS });
  return {
    issue: async ({ userId: sub, version: ver, sessionId: sid, ...claims }) => {
      const iat = Math.floor(options.nowMs() / 1_000);
      const exp = iat + LINK_SECONDS;
      const token = await signed.sign({ ...claims, sub, ver, sid, iat, exp, jti: uuid() });
      return { token, expiresAtMs: exp * 1_000 };
    },
    verify: async (token) => {
      const verified = await signed.verify(token);
      const claims = verified.ok ? zClaims.safeParse(verified.value) : undefined;
      if (!verified.ok || !claims?.success) return undefined;
      const { sub, ver, jti, iat, exp } = verified.value;
      const { sid, ...rest } = claims.data;
      const times = { issuedAtMs: iat * 1_000, expiresAtMs: exp * 1_000 };
      return { ...rest, ...times, userId: userId(sub), version: ver, sessionId: sid, jti };
    },
  };
}
