import { readFileSync } from "node:fs";

/** The ids with which a process runs. */
export type Identity = { readonly uid: number; readonly gid: number };

/** The user without rights, which has the same number on every system. */
const UNPRIVILEGED: Identity = { uid: 65_534, gid: 65_534 };

/** The user of a server, when the tests run as root, as in many containers; undefined otherwise and without such a user. */
export function findServerUser(name: string): Identity | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync("/etc/passwd", "utf8").split("\n");
  const [, , uid, gid] = users.find((line) => line.startsWith(`${name}:`))?.split(":") ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

/** With which ids to start a server that must not run as root: those of its own user if there is one. Empty without root. */
export const identityForServer = (name?: string): Partial<Identity> =>
  process.getuid?.() === 0 ? (name && findServerUser(name)) || UNPRIVILEGED : {};
