import { randomBytes } from "node:crypto";
import { type UserId, userId } from "@jifen/core";
import type { LinkPurpose, LinkUse, OneTimeLink } from "@jifen/database";
import { decodeBase64url, decodeBase64urlText, encodeBase64url } from "../../../values/base64url.ts";
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
  /** The author, as in the audit log; `mail` for a link that is sent to the address of the user. */
  readonly issuer: string;
  /** JSON text that is stored with the link and read back when the link is used. */
  readonly payload?: string | null;
};

/** A link to set a password, as responses show it. */
export type PasswordLink = { readonly link: string; readonly expiresAt: string };

/** What making a link needs. */
type LinkDeps = Pick<Deps, "nowMs" | "publicUrl">;

/**
 * Makes a link that works once, and the row to store; an earlier link of the same user and purpose is replaced by it.
 * The secret is in the fragment (#), which browsers do not send to servers: it appears in no log and no Referer header.
 */
function newLink(
  { nowMs, publicUrl }: LinkDeps,
  { userId: id, purpose, hours, issuer, payload = null }: LinkRequest,
): { readonly link: string; readonly row: OneTimeLink } {
  const secret = randomBytes(SECRET_BYTES).toString("base64url");
  const createdAtMs = nowMs();
  const expiresAtMs = createdAtMs + hours * HOUR_MS;
  const row = { userId: id, purpose, secretHash: sha256(secret), payload, expiresAtMs, createdAtMs, issuer };
  return { link: `${publicUrl()}/link#${purpose}.${encodeBase64url(id)}.${secret}`, row };
}

/** Makes and stores a link. */
export async function createLink(
  deps: LinkDeps & Pick<Deps, "database">,
  request: LinkRequest,
): Promise<{ readonly link: string }> {
  const { link, row } = newLink(deps, request);
  await deps.database.links.put(row);
  return { link };
}

const passwordLinkOf = (id: UserId, issuer: string): LinkRequest => ({
  userId: id,
  purpose: "password",
  hours: PASSWORD_LINK_HOURS,
  issuer,
});

/** Makes a link to set the password of a user: the row to store with its audit event, and what the response shows. */
export function newPasswordLink(
  deps: LinkDeps,
  id: UserId,
  issuer: string,
): { readonly row: OneTimeLink; readonly shown: PasswordLink } {
  const { link, row } = newLink(deps, passwordLinkOf(id, issuer));
  return { row, shown: { link, expiresAt: isoTime(row.expiresAtMs) } };
}

/** Makes and stores a link to set a password that is sent to the address of the user, which it proves. */
export const createMailedPasswordLink = (deps: LinkDeps & Pick<Deps, "database">, id: UserId) =>
  createLink(deps, passwordLinkOf(id, "mail"));

/** Parses the token of a link, the part of the fragment after the purpose; undefined when it is malformed. */
export function parseLinkToken(token: string, purpose: LinkPurpose): Omit<LinkUse, "nowMs"> | undefined {
  const { user = "", secret = "" } = /^(?<user>[\w-]{1,600})\.(?<secret>[\w-]{43})$/.exec(token)?.groups ?? {};
  const id = decodeBase64urlText(user);
  if (id === undefined || id === "" || decodeBase64url(secret) === undefined) return undefined;
  return { userId: userId(id), purpose, secretHash: sha256(secret) };
}
