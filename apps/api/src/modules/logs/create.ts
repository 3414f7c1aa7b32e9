import { isDeepStrictEqual } from "node:util";
import { operations } from "@jifen/contract";
import { refuse } from "@jifen/core";
import type { Log } from "@jifen/database";
import { replayableOk } from "../../trpc/handler.ts";
import { implement } from "../../trpc/procedure.ts";
import type { Caller } from "../identity/credentials/caller.ts";
import type { Deps } from "./deps.ts";

/** Logs one call, once per idempotency key. */
export const create = ({ database, newId, nowMs }: Deps) =>
  implement(operations.logs.create, async ({ input, caller, idempotencyKey }) => {
    if (input.userId !== caller.userId) return refuse({ code: "USER_MISMATCH" });
    const log: Log = {
      userId: caller.userId,
      id: newId("log"),
      idempotencyKey: logKey(caller, idempotencyKey),
      action: input.action,
      details: JSON.stringify(input.details),
      success: input.success,
      occurredAtMs: Date.parse(input.timestamp),
      createdAtMs: nowMs(),
    };
    const written = await database.logs.create(log);
    if (!isSameLog(written, log)) return refuse({ code: "IDEMPOTENCY_KEY_REUSED" });
    return replayableOk({ logId: written.id }, { replayed: written.id !== log.id });
  });

/** Services have their own key namespace: a user cannot send a key with a space. */
const logKey = ({ kind }: Caller, key: string | undefined): string | null =>
  key === undefined ? null : kind === "service" ? `service ${key}` : key;

const isSameLog = (written: Log, requested: Log): boolean =>
  written.action === requested.action &&
  written.success === requested.success &&
  written.occurredAtMs === requested.occurredAtMs &&
  isDeepStrictEqual(JSON.parse(written.details), JSON.parse(requested.details));
