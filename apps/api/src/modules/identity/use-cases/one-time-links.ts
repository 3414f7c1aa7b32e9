import { randomBytes } from "node:crypto";
import { type UserId, userId } from "@jifen/core";
import type { LinkPurpose, LinkUse } from "@jifen/database";
import { isoTime } from "../../../values/iso-time.ts";
import { sha256 } from "../credentials/sha256.ts";
import type { Deps } from "../deps.ts";

const SECRET_BYTES = 32;

/** A link that is wanted. */
type Wanted = {
  readonly userId: UserId;
  readonly purpose: LinkPurpose;
  /** How long it works. */
  readonly hours: number;
  /** JSON text that is there again when it is opened. */
  readonly payload?: string | null;
};

const HOUR_MS = 3_600_000;

/** How long a password may be set by a link. */
export const PASSWORD_LINK_HOURS = 1;

/** What it takes to make links. */
type Makes = Pick<Deps, "database" | "nowMs" | "publicUrl">;

/**
 * Makes a link that works once; an earlier one of the same purpose no longer works.
 * What opens it stands behind the #, which browsers keep from servers: it is in no log and no Referer.
 */
export async function makeLink(
  { database, nowMs, publicUrl }: Makes,
  { userId: id, purpose, hours, payload = null }: Wanted,
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

/** A link by which a user sets a password, as those are told who hand it on. */
export async function makePasswordLink(
  deps: Makes,
  id: UserId,
): Promise<{ readonly link: string; readonly expiresAt: string }> {
  const { link, expiresAtMs } = await makeLink(deps, {
    userId: id,
    purpose: "password",
    hours: PASSWORD_LINK_HOURS,
  });
  return { link, expiresAt: isoTime(expiresAtMs) };
}

/** What a link carries behind its purpose; undefined for what no link ever carried. */
export function readLink(token: string, purpose: LinkPurpose): Omit<LinkUse, "nowMs"> | undefined {
  const { user = "", secret = "" } = /^(?<user>[\w-]{1,600})\.(?<secret>[\w-]{43})$/.exec(token)?.groups ?? {};
  const id = Buffer.from(user, "base64url").toString();
  return id === "" ? undefined : { userId: userId(id), purpose, secretHash: sha256(secret) };
}
