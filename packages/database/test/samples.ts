import { randomUUID } from "node:crypto";
import { type UserId, userId } from "@jifen/core";
import { type AuditEvent, idBound, type NewCallLog, type NewUser, type User } from "../src/index.ts";

/** Calls `make` several times and returns the results. */
export const times = <Result>(count: number, make: (n: number) => Result): Result[] =>
  Array.from({ length: count }, (_, n) => make(n));

/** The id of a user that no other test uses. */
export const newUserId = (): UserId => userId(`${randomUUID()}@example.com`);

/** A user to create, with a name beyond ASCII. */
export const newUser = (id: UserId = newUserId()): NewUser => ({
  id,
  email: id,
  name: "安 😀",
  passwordHash: "$2b$12$hash",
  role: "user",
  createdAtMs: 1_700_000_000_123,
});

/** The id of a log of this time. */
export const logIdAt = (timeMs: number): string => `${idBound(timeMs)}-7${randomUUID().slice(15)}`;

/** A log to write, with its details. */
type NewLog = NewCallLog & { readonly details: string };

/** A log of now to write, without a key unless `log` has one. */
export function newLog(of: UserId = newUserId(), log: Partial<NewLog> = {}): NewLog {
  const { countedAtMs = Date.now(), details = '{"b":1,  "a":"\\u0000 积"}' } = log;
  return {
    userId: of,
    id: logIdAt(countedAtMs),
    arrivalId: logIdAt(Date.now()),
    idempotencyKey: null,
    countedAtMs,
    action: "video",
    success: false,
    durationMs: null,
    subjectId: null,
    reference: null,
    details,
    detailsBytes: Buffer.byteLength(details),
    occurredAtMs: 1_600_000_000_001,
    createdAtMs: Date.now(),
    ...log,
  };
}

/** The log that is stored of a new one. */
export const storedLog = ({ idempotencyKey: _, arrivalId: __, ...log }: NewCallLog) => log;

/** The initial values of the fields that a new user does not give. */
export const untouched: Omit<User, Exclude<keyof NewUser, "claim" | "whitelistTag">> = {
  tokenVersion: 1,
  sessionsEndedAtMs: 0,
  suspendedAtMs: null,
  deletedAtMs: null,
  claim: null,
  whitelistTag: null,
  lastSeenAtMs: null,
  priceGroup: null,
  language: null,
  timeZone: null,
};

/** An event that no other test uses. */
export const newEvent = (event: Partial<AuditEvent> = {}): AuditEvent => ({
  id: `event-${randomUUID()}`,
  atMs: 1_700_000_000_003,
  actor: "user:安@example.com",
  action: "users.suspend",
  subject: `user:${newUserId()}`,
  reason: "吵闹",
  details: null,
  requestId: "req-1",
  ...event,
});
