import type { Database } from "@jifen/database";
import type { Logger } from "pino";
import type { NewId } from "../../values/ids.ts";
import { runAudit } from "../audit/use-cases/run-audit.ts";

/** An audit that is running. Times are epoch milliseconds. */
export type Running = { readonly id: string; readonly startedAtMs: number; readonly accounts: number };

/** The audits that this process runs in the background, one at a time. */
export type AuditRunner = {
  /** Starts an audit, unless one is running. Returns the one that is running then. */
  start(): Running;
  running(): Running | undefined;
  /** When the last audit failed before its end; undefined if it did not. */
  failedAtMs(): number | undefined;
};

type RunnerDeps = {
  readonly database: Database;
  readonly newId: NewId;
  readonly nowMs: () => number;
  readonly log: Logger;
  /** Aborted when the server stops: the audit ends with it. */
  readonly stopping: AbortSignal;
};

/** Runs audits in this process: each account is a few short reads, between which other requests are answered. */
export function createAuditRunner({ database, newId, nowMs, log, stopping }: RunnerDeps): AuditRunner {
  let running: Running | undefined;
  let failedAtMs: number | undefined;
  const run = async ({ id }: Running) => {
    try {
      const report = await runAudit({
        ...{ database, nowMs, id, accountId: undefined },
        onAccount: () => {
          stopping.throwIfAborted();
          if (running) running = { ...running, accounts: running.accounts + 1 };
        },
      });
      failedAtMs = undefined;
      const { accounts, transactions, differences } = report;
      const found = { run: id, accounts, transactions, differences: differences.length };
      if (differences.length === 0) log.info(found, "the ledger was audited");
      else log.error({ ...found, first: differences.slice(0, 10) }, "the audit found differences");
    } catch (error) {
      failedAtMs = nowMs();
      if (!stopping.aborted) log.error({ err: error, run: id }, "an audit failed");
    } finally {
      running = undefined;
    }
  };
  return {
    start: () => {
      if (running) return running;
      running = { id: newId("audit"), startedAtMs: nowMs(), accounts: 0 };
      const started = running;
      void run(started);
      return started;
    },
    running: () => running,
    failedAtMs: () => failedAtMs,
  };
}
