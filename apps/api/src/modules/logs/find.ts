import { operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import { implement } from "../../trpc/procedure.ts";
import type { Deps } from "./deps.ts";
import { readNamed } from "./named-in-logs.ts";
import { toLogOutput } from "./to-log.ts";

/** Finds a log of the caller, with all of its details. */
export const find = ({ database }: Deps) =>
  implement(operations.logs.find, async ({ input, caller }) => {
    const log = await database.logs.find(input.logId, caller.userId);
    if (!log) return refuse({ code: "LOG_NOT_FOUND" });
    const named = await readNamed(database.history, [log]);
    return ok(toLogOutput(log, named(log)));
  });
