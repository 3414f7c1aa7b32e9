import { type UserId, userId } from "@jifen/core";
import type { StoredRecord } from "../records/records.ts";

/** A user as stored. */
export type User = {
  readonly id: UserId;
  readonly email: string;
  readonly name: string;
  /** bcrypt; null for users who do not log in with a password. */
  readonly passwordHash: string | null;
  /** `user`, `support`, `finance` or `admin`; the tables refuse any other. */
  readonly role: string;
  /** Tokens contain it; raising it ends every session. */
  readonly tokenVersion: number;
  /** Sessions whose token has no version are ended if they began before this time. */
  readonly sessionsEndedAtMs: number;
  readonly suspendedAtMs: number | null;
  /** The row of a deleted user stays, because its account does: the id is never used again. */
  readonly deletedAtMs: number | null;
  readonly createdAtMs: number;
  /**
   * `open`: created without a way to sign in, and not used since. `key`: the password was set with a link of a service
   * key, so the owner of the key can know it. null: the user signed in, or set the password, without a service key.
   */
  readonly claim: string | null;
  /** Identifies the entry of USER_WHITELIST that was applied last, without revealing its password. */
  readonly whitelistTag: string | null;
  /** Which multipliers of the catalogue count; null for the group `default`. */
  readonly priceGroup: string | null;
  /** When the user signed in or opened a page, known to the hour; null where that is not known. */
  readonly lastSeenAtMs: number | null;
  /** The language of pages and e-mails that the user has chosen; null for none. */
  readonly language: string | null;
  /** The IANA time zone that the user has chosen; null for none. */
  readonly timeZone: string | null;
};

/** A stored row as a user. */
export const toUser = ({ lastLock, signIns, ...record }: StoredRecord<"users">): User => ({
  ...record,
  id: userId(record.id),
});
