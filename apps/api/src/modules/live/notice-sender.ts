import type { UserId } from "@jifen/core";
import type { NoticeChannel } from "@jifen/database";

/** How long users are collected before one notice names all of them. */
const COLLECT_MS = 100;
/** More users than this do not fit into a notice. */
const MAX_USERS = 1_000;

/** Tells other processes for whom something is new. */
export type NoticeSender = {
  /** Notes a user: the insertion into a set, because each consume does it. */
  add(userId: UserId): void;
  /** Forgets the users that are not sent yet. */
  close(): void;
};

/** Creates a sender. One notice at a time is on its way; users that come meanwhile are in the next one. */
export function createNoticeSender(channel: Pick<NoticeChannel, "publish">): NoticeSender {
  let users = new Set<UserId>();
  let timer: NodeJS.Timeout | undefined;
  let [isSending, isClosed] = [false, false];
  const schedule = () => {
    if (timer !== undefined || isSending || isClosed) return;
    timer = setTimeout(() => void send(), COLLECT_MS).unref();
  };
  const send = async () => {
    timer = undefined;
    const collected = users;
    users = new Set();
    isSending = true;
    await channel.publish(collected.size > MAX_USERS ? "all" : collected);
    isSending = false;
    if (users.size > 0) schedule();
  };
  return {
    add: (userId) => {
      if (users.size <= MAX_USERS) users.add(userId);
      schedule();
    },
    close: () => {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
