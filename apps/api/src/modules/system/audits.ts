import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../trpc/procedure.ts";
import { isoTime, isoTimeOrNull } from "../../values/iso-time.ts";
import type { Deps } from "./deps.ts";
import { toRunning } from "./to-running.ts";

const LISTED = 20;

/** Lists the latest audits. */
export const listAudits = ({ audits, database }: Deps) =>
  implement(operations.system.audits, async () => {
    const running = audits.running();
    const runs = await database.audit.lastRuns(LISTED);
    return ok({
      running: running ? toRunning(running) : null,
      failedAt: isoTimeOrNull(audits.failedAtMs() ?? null),
      items: runs.map(({ id, startedAtMs, finishedAtMs, accounts, transactions, differences }) => ({
        ...{ runId: id, startedAt: isoTime(startedAtMs), finishedAt: isoTime(finishedAtMs) },
        ...{ accounts, transactions, differences },
      })),
    });
  });
