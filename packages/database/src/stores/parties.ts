import type { RecordTransaction } from "../records/records.ts";
import { type ServiceKey, toKey } from "./keys.ts";
import { toUser, type User } from "./user.ts";

/** Who makes a change, or issued the link that a change is made with, as the rows are now. */
export type Author = {
  /** As in the audit log: `user:<id>`, `key:<id>`, or another name. null when an older version stored none. */
  readonly name: string | null;
  /** The user, or the owner of the service key. */
  readonly user: User | undefined;
  /** The service key, if it is one. */
  readonly key: ServiceKey | undefined;
};

/** Author and target of a change, read in the transaction of the change. */
export type Parties = {
  readonly author: Author;
  readonly target: User;
  /** Whether the target owns a service key that is not revoked. */
  readonly ownsKeys: boolean;
};

const [userPrefix, keyPrefix] = ["user:", "key:"];

/** Reads the author of this name. */
export async function readAuthor(tx: Pick<RecordTransaction, "get">, name: string | null): Promise<Author> {
  const keyId = name?.startsWith(keyPrefix) ? name.slice(keyPrefix.length) : undefined;
  const stored = keyId === undefined ? undefined : await tx.get("service_keys", { id: keyId });
  const key = stored && toKey(stored);
  const id = name?.startsWith(userPrefix) ? name.slice(userPrefix.length) : key?.ownerId;
  const user = id === undefined ? undefined : await tx.get("users", { id });
  return { name, user: user && toUser(user), key };
}

/** Reads who takes part in a change of `target`. */
export async function readParties(tx: RecordTransaction, authorName: string | null, target: User): Promise<Parties> {
  const live = { ownerId: target.id, revokedAtMs: null };
  return {
    author: await readAuthor(tx, authorName),
    target,
    ownsKeys: (await tx.count("service_keys", live, 1)) > 0,
  };
}
