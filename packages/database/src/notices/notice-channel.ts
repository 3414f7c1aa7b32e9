import type { UserId } from "@jifen/core";

/** The users for whom something is new: a log, or another balance. `all`: any user, because notices may have been lost. */
export type NoticedUsers = ReadonlySet<UserId> | "all";

/**
 * Tells the other processes on the same database for whom something is new, and nothing else. Notices make events quick; they
 * can be lost, come twice, or name a user for whom nothing is new.
 */
export type NoticeChannel = {
  /** Sends a notice, after at most a few seconds. Never rejects: a notice that cannot be sent is lost. */
  publish(users: NoticedUsers): Promise<void>;
  /** Receives the notices of other processes until the returned function is called. One listener at a time. */
  listen(onNotice: (users: NoticedUsers) => void): () => void;
  /** Closes the connections, also those that do not respond. Later calls do nothing. */
  close(): Promise<void>;
};
