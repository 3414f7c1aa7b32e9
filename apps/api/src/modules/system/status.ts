import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../trpc/procedure.ts";
import { isoTime, isoTimeOrNull } from "../../values/iso-time.ts";
import { version } from "../../version.ts";
import type { Deps } from "./deps.ts";

/** Says what this process is, and how its background jobs are doing. */
export const status = ({ database, settings, jobStatuses, startedAtMs }: Deps) =>
  implement(operations.system.status, async () =>
    ok({
      version,
      startedAt: isoTime(startedAtMs),
      database: database.kind,
      mail: settings.mail !== undefined,
      redis: settings.redisUrl !== undefined,
      jobs: jobStatuses().map(({ name, hasLease, batches, failures, lastSuccessAtMs }) => ({
        ...{ name, hasLease, batches, failures },
        lastSuccessAt: isoTimeOrNull(lastSuccessAtMs ?? null),
      })),
    }),
  );
