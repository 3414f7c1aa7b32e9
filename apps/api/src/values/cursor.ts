import { bilingual, type Refusal } from "@jifen/contract";
import { grantId, type Outcome, ok, refuse, userId } from "@jifen/core";
import type { ServiceKey } from "@jifen/database";

const encode = (text: string): string => Buffer.from(text).toString("base64url");
const decode = (cursor: string): string => Buffer.from(cursor, "base64url").toString();

type KeyPlace = Pick<ServiceKey, "createdAtMs" | "id">;

type BadCursor = Refusal<"VALIDATION_FAILED">;

const badCursor = refuse<BadCursor>({
  code: "VALIDATION_FAILED",
  issues: [
    {
      path: "cursor",
      message: bilingual({
        zh: "必须原样传回上一页的 nextCursor",
        en: "must be the nextCursor of the page before, as it came",
      }),
    },
  ],
});

/** Where a page of the journal begins: after the transaction of this number. */
export const sequenceCursor = {
  write: (sequence: number): string => encode(String(sequence)),
  /** Refuses with VALIDATION_FAILED what `write` has not written. */
  read: (cursor: string | undefined): Outcome<number | undefined, BadCursor> => {
    if (cursor === undefined) return ok(undefined);
    const text = decode(cursor);
    const isOurs = /^[1-9]\d{0,14}$/.test(text) && encode(text) === cursor;
    return isOurs ? ok(Number(text)) : badCursor;
  },
};

/** Where a page of things with an id begins: after this one. `shape` is that of the ids. */
const idCursor = <Id extends string>(shape: RegExp, idOf: (text: string) => Id) => ({
  write: (id: Id): string => encode(id),
  /** Refuses with VALIDATION_FAILED what `write` has not written. */
  read: (cursor: string | undefined): Outcome<Id | undefined, BadCursor> => {
    if (cursor === undefined) return ok(undefined);
    const text = decode(cursor);
    return shape.test(text) && encode(text) === cursor ? ok(idOf(text)) : badCursor;
  },
});

/** Where a page of grants begins. */
export const grantCursor = idCursor(/^grant-[\w-]{1,100}$/, grantId);
/** Where a page of the audit log begins. */
export const eventCursor = idCursor(/^event-[\w-]{1,100}$/, String);
/** Where a page of users begins. */
export const userCursor = idCursor(/^\P{Cc}{1,320}$/u, userId);

/** Where a page of keys begins: after this one. */
export const keyCursor = {
  write: ({ createdAtMs, id }: KeyPlace): string => encode(`${createdAtMs} ${id}`),
  /** Refuses with VALIDATION_FAILED what `write` has not written. */
  read: (cursor: string | undefined): Outcome<KeyPlace | undefined, BadCursor> => {
    if (cursor === undefined) return ok(undefined);
    const text = decode(cursor);
    const { createdAtMs, id } = /^(?<createdAtMs>[1-9]\d{0,14}) (?<id>[0-9A-Za-z]{1,20})$/.exec(text)?.groups ?? {};
    const isOurs = id !== undefined && encode(text) === cursor;
    return isOurs ? ok({ createdAtMs: Number(createdAtMs), id }) : badCursor;
  },
};

/** One page out of the entries that were asked for, one more than the page has: the last says whether there is another. */
export function pageOf<Entry>(
  entries: readonly Entry[],
  limit: number,
  cursorOf: (last: Entry) => string,
): { readonly page: readonly Entry[]; readonly nextCursor: string | null } {
  const page = entries.slice(0, limit);
  const last = page.at(-1);
  return { page, nextCursor: entries.length > limit && last !== undefined ? cursorOf(last) : null };
}
