import { randomUUID } from "node:crypto";
import { type UserId, userId } from "@jifen/core";
import type { NoticedUsers } from "./notice-channel.ts";

/** PostgreSQL refuses texts of 8,000 bytes. */
const MAX_BYTES = 7_000;

/** The notices of one process as texts. */
export type NoticeTexts = {
  /** Users that do not fit into one text are `all`. */
  write(users: NoticedUsers): string;
  /** The users of a notice of another process; undefined for a notice of this one. */
  read(text: string): NoticedUsers | undefined;
};

/** Creates the texts of a process. Each names its sender, because a channel can return them to it. */
export function createNoticeTexts(sender: string = randomUUID()): NoticeTexts {
  const all = `${sender} *`;
  return {
    write: (users) => {
      if (users === "all") return all;
      const text = `${sender} ${JSON.stringify([...users])}`;
      return Buffer.byteLength(text) > MAX_BYTES ? all : text;
    },
    read: (text) => {
      const at = text.indexOf(" ");
      return text.slice(0, at) === sender ? undefined : usersIn(text.slice(at + 1));
    },
  };
}

/** A text that another version wrote in a way that is not known here is news for any user. */
function usersIn(text: string): NoticedUsers {
  try {
    const ids: unknown = JSON.parse(text);
    const isList = Array.isArray(ids) && ids.every((id) => typeof id === "string" && id !== "");
    return isList ? new Set<UserId>(ids.map(userId)) : "all";
  } catch {
    return "all";
  }
}
