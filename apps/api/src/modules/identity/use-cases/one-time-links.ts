import { randomBytes } from "node:crypto";
import { type UserId, userId } from "@jifen/core";
import type { LinkPurpose, LinkUse } from "@jifen/database";
import { isoTime } from "../../../values/iso-time.ts";
import { sha256 } from "../credentials/sha256.ts";
import type { Deps } from "../deps.ts";

const SECRET_BYTES = 32;
const HOUR_MS = 3_600_000;

/** How long a link to set a password is valid. */
export const PASSWORD_LINK_HOURS = 1;

/** A link to create. */
type LinkRequest = {
  readonly userId: UserId;
  readonly purpose: LinkPurpose;
  /** How long it is valid. */
  readonly hours: number;
  /** JSON text that is stored with the link and read back when the link is used. */
  readonly payload?: string | null;
};

/** A link to set a password, as responses show it. */
export type PasswordLink = { readonly link: string; readonly expiresAt: string };

/** What creating a link needs. */
type LinkDeps = Pick<Deps, "database" | "nowMs" | "publicUrl">;

/**
 * Creates a link that works once; an earlier link of the same user and purpose is no longer valid.
 * The secret is in the fragment (#), which browsers do not send to servers: it appears in no log and no Referer header.
 */
export async function createLink(
  { database, nowMs, publicUrl }: LinkDeps,
  { userId: id, purpose, hours, payload = null }: LinkRequest,
): Promise<{ readonly link: string; readonly expiresAtMs: number }> {
  const secret = randomBytes(SECRET_BYTES).toString("base64url");
  const createdAtMs = nowMs();
  const expiresAtMs = createdAtMs + hours * HOUR_MS;
  await database.links.put({
    userId: id,
    purpose,
    secretHash: sha256(secret),
    payload,
    expiresAtMs,
    createdAtMs,
  });
  return { link: `${publicUrl}/link#${purpose}.${Buffer.from(id).toString("base64url")}.${secret}`, expiresAtMs };
}

/** Creates a link to set the password of a user. */
export async function createPasswordLink(deps: LinkDeps, id: UserId): Promise<PasswordLink> {
  const { link, expiresAtMs } = await createLink(deps, {
    userId: id,
    purpose: "password",
    hours: PASSWORD_LINK_HOURS,
  });
  return { link, expiresAt: isoTime(expiresAtMs) };
}

/** Parses the token of a link, the part of the fragment after the purpose; undefined when it is malformed. */
export function parseLinkToken(token: string, purpose: LinkPurpose): Omit<LinkUse, "nowMs"> | undefined {
  const { user = "", secret = "" } = /^(?<user>[\w-]{1,600})\.(?<secret>[\w-]{43})$/.exec(token)?.groups ?? {};
  const id = Buffer.from(user, "base64url").toString();
  return id === "" ? undefined : { userId: userId(id), purpose, secretHash: sha256(secret) };
}
