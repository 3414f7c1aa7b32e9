import { operations } from "@jifen/contract";
import { invariant, refuse } from "@jifen/core";
import { replayableOk } from "../../trpc/handler.ts";
import { implement } from "../../trpc/procedure.ts";
import { countingOne } from "./count-logs.ts";
import type { Deps } from "./deps.ts";
import { checkSize, takeSpace } from "./log-size.ts";
import { toNewLog } from "./new-log.ts";
import { writeLogs } from "./write-logs.ts";

/** Logs one call, once per idempotency key. */
export const create = (deps: Deps) =>
  implement(
    operations.logs.create,
    countingOne(deps.meter, async ({ input, caller, idempotencyKey }) => {
      if (input.userId !== caller.userId) return refuse({ code: "USER_MISMATCH" });
      const reported = toNewLog(deps, { ...input, idempotencyKey }, caller);
      const size = checkSize(deps, reported.log);
      if (!size.ok) return size;
      const space = await takeSpace(deps, [reported.log], caller);
      if (!space.ok) return space;
      const [written] = await writeLogs(deps, [reported], caller);
      invariant(written !== undefined, "each log has an outcome");
      if (!written.ok) return written;
      const { logId, redacted, replayed } = written.value;
      return replayableOk({ logId, redacted }, { replayed });
    }),
  );
