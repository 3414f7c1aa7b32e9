import { randomUUID } from "node:crypto";
import { type UserId, userId } from "@jifen/ledger";
import type { Log, NewUser } from "../src/index.ts";

/** Somebody whom no other test knows. */
export const newUserId = (): UserId => userId(`${randomUUID()}@example.com`);

/** A user to make, with a name beyond ASCII. */
export const newUser = (id: UserId = newUserId()): NewUser => ({
  id,
  email: id,
  name: "安 😀",
  passwordHash: "$2b$12$hash",
  createdAtMs: 1_700_000_000_123,
});

/** A log to write, without a key unless `log` has one. */
export const newLog = (of: UserId = newUserId(), log: Partial<Log> = {}): Log => ({
  userId: of,
  id: `log-${randomUUID()}`,
  idempotencyKey: null,
  action: "video",
  details: '{"b":1,  "a":"\\u0000 积"}',
  success: false,
  occurredAtMs: 1_600_000_000_001,
  createdAtMs: 1_700_000_000_002,
  ...log,
});
