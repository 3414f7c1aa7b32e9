import { bilingual, type Refusal } from "@jifen/contract";
import { grantId, holdId, type Outcome, ok, refuse, userId } from "@jifen/core";
import { type ReviewPosition, reviewKinds, type ServiceKey, type UserPosition } from "@jifen/database";
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

/** Cursor of a page of things with a number: that of the last one. */
const numberCursor = (pattern: RegExp) => ({
  write: (number: number): string => encode(String(number)),
  /** Refuses any text that `write` did not produce with VALIDATION_FAILED. */
  read: (cursor: string | undefined): Outcome<number | undefined, BadCursor> => {
    if (cursor === undefined) return ok(undefined);
    const text = decode(cursor);
    return pattern.test(text) ? ok(Number(text)) : badCursor;
  },
});

/** Cursor of a page of transactions: the sequence number of the last one. */
export const sequenceCursor = numberCursor(/^[1-9]\d{0,14}$/);
/** Cursor of a page of versions of the catalogue. Their numbers have 32 bits in the tables. */
export const catalogueCursor = numberCursor(/^[1-9]\d{0,8}$/);

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
/** Cursor of a page of holds. */
export const holdCursor = idCursor(/^hold-[\w-]{1,100}$/, holdId);
/** Cursor of a page of the audit log. */
export const eventCursor = idCursor(/^event-[\w-]{1,100}$/, String);
/** Cursor of a page of batches of redemption codes. */
export const batchCursor = idCursor(/^batch-[\w-]{1,100}$/, String);
/** Cursor of a page of deliveries: the id of the last event. */
export const outgoingEventCursor = idCursor(/^evt-[\w-]{1,100}$/, String);
/** Cursor of a page of logs: the id of the last one that was looked at. */
export const logCursor = idCursor(/^log-[0-9a-f-]{36}$/, String);
/** Cursor of a page of orders. */
export const orderCursor = idCursor(/^[0-9a-f]{32}$/, String);
/** Cursor of a page of users. */
export const userCursor = idCursor(/^\P{Cc}{1,320}$/u, userId);

/** Cursor of a page of users, newest first: the creation time and the id of the last one. */
export const newestUserCursor = {
  write: ({ createdAtMs, id }: UserPosition): string => encode(`${createdAtMs} ${id}`),
  /** Refuses any text that `write` did not produce with VALIDATION_FAILED. */
  read: (cursor: string | undefined): Outcome<UserPosition | undefined, BadCursor> => {
    if (cursor === undefined) return ok(undefined);
    const { createdAtMs, id } = /^(?<createdAtMs>\d{1,15}) (?<id>\P{Cc}{1,320})$/u.exec(decode(cursor))?.groups ?? {};
    return id !== undefined ? ok({ createdAtMs: Number(createdAtMs), id: userId(id) }) : badCursor;
  },
};

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

/** A provider's id of a transaction can be longer than a cursor: the part of it is enough to go on. */
const MAX_REVIEW_ID = 100;

/** Cursor of a page of the review list: time, kind and id of the last entry. */
export const reviewCursor = {
  write: ({ sinceMs, kind, id }: ReviewPosition): string => encode(`${sinceMs} ${kind} ${id.slice(0, MAX_REVIEW_ID)}`),
  /** Refuses any text that `write` did not produce with VALIDATION_FAILED. */
  read: (cursor: string | undefined): Outcome<ReviewPosition | undefined, BadCursor> => {
    if (cursor === undefined) return ok(undefined);
    const { sinceMs, name, id } =
      /^(?<sinceMs>\d{1,15}) (?<name>[a-z]+) (?<id>\P{Cc}{1,100})$/u.exec(decode(cursor))?.groups ?? {};
    const kind = reviewKinds.find((each) => each === name);
    return id !== undefined && kind ? ok({ sinceMs: Number(sinceMs), kind, id }) : badCursor;
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
