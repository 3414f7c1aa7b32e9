import { bilingual, type Refusal } from "@jifen/contract";
import { grantId, type Outcome, ok, refuse, userId } from "@jifen/core";
import type { ServiceKey } from "@jifen/database";
import { decodeBase64urlText, encodeBase64url as encode } from "./base64url.ts";

/** Empty, which no cursor is, for a text that is not canonical. */
const decode = (cursor: string): string => decodeBase64urlText(cursor) ?? "";

type KeyPosition = Pick<ServiceKey, "createdAtMs" | "id">;

type BadCursor = Refusal<"VALIDATION_FAILED">;

const badCursor = refuse<BadCursor>({
  code: "VALIDATION_FAILED",
  issues: [
    {
      path: "cursor",
      message: bilingual({
        zh: "必须原样传回上一页的 nextCursor",
        en: "must be the unchanged nextCursor of the previous page",
      }),
    },
  ],
});

/** Cursor of a page of transactions: the sequence number of the last one. */
export const sequenceCursor = {
  write: (sequence: number): string => encode(String(sequence)),
  /** Refuses any text that `write` did not produce with VALIDATION_FAILED. */
  read: (cursor: string | undefined): Outcome<number | undefined, BadCursor> => {
    if (cursor === undefined) return ok(undefined);
    const text = decode(cursor);
    return /^[1-9]\d{0,14}$/.test(text) ? ok(Number(text)) : badCursor;
  },
};

/** Cursor of a page of things with an id: the id of the last one. `pattern` matches the ids. */
const idCursor = <Id extends string>(pattern: RegExp, toId: (text: string) => Id) => ({
  write: (id: Id): string => encode(id),
  /** Refuses any text that `write` did not produce with VALIDATION_FAILED. */
  read: (cursor: string | undefined): Outcome<Id | undefined, BadCursor> => {
    if (cursor === undefined) return ok(undefined);
    const text = decode(cursor);
    return pattern.test(text) ? ok(toId(text)) : badCursor;
  },
});

/** Cursor of a page of grants. */
export const grantCursor = idCursor(/^grant-[\w-]{1,100}$/, grantId);
/** Cursor of a page of the audit log. */
export const eventCursor = idCursor(/^event-[\w-]{1,100}$/, String);
/** Cursor of a page of logs: the id of the last one that was looked at. */
export const logCursor = idCursor(/^log-[0-9a-f-]{36}$/, String);
/** Cursor of a page of users. */
export const userCursor = idCursor(/^\P{Cc}{1,320}$/u, userId);

/** Cursor of a page of service keys: the creation time and the id of the last one. */
export const keyCursor = {
  write: ({ createdAtMs, id }: KeyPosition): string => encode(`${createdAtMs} ${id}`),
  /** Refuses any text that `write` did not produce with VALIDATION_FAILED. */
  read: (cursor: string | undefined): Outcome<KeyPosition | undefined, BadCursor> => {
    if (cursor === undefined) return ok(undefined);
    const text = decode(cursor);
    const { createdAtMs, id } = /^(?<createdAtMs>[1-9]\d{0,14}) (?<id>[0-9A-Za-z]{1,20})$/.exec(text)?.groups ?? {};
    return id !== undefined ? ok({ createdAtMs: Number(createdAtMs), id }) : badCursor;
  },
};

/** One page of the items that a query with `limit + 1` returned: the extra item shows that there is a next page. */
export function pageOf<Item>(
  items: readonly Item[],
  limit: number,
  cursorOf: (last: Item) => string,
): { readonly page: readonly Item[]; readonly nextCursor: string | null } {
  const page = items.slice(0, limit);
  const last = page.at(-1);
  return { page, nextCursor: items.length > limit && last !== undefined ? cursorOf(last) : null };
}
