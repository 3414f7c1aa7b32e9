import { setTimeout as sleep } from "node:timers/promises";
import { type Database, driverMessage, type WriteProblem, writeProblemOf } from "@jifen/database";
import type { Logger } from "pino";
import { writeProblemTexts } from "./write-problem-text.ts";

/** Often enough for a load balancer, and one small commit in this time costs nothing. */
const INTERVAL_MS = 5_000;
/** Rights are lost rarely, and a check of them is a statement for each table. */
const CHECKS_PER_RIGHTS_CHECK = 12;

/** Writes a row in the background, to notice a database that answers and cannot be written. */
export type WriteMonitor = {
  /** Why the database cannot be written; undefined while it can, and while it does not answer at all. */
  problem(): WriteProblem | undefined;
  /** Checks now. */
  check(): Promise<void>;
  /** Checks every few seconds until it is stopped. */
  start(): void;
  stop(): void;
};

/** A read-only standby, a full disk or a lost right is logged once when it begins and once when it ends. */
export function monitorWrites({ writeAccess }: Pick<Database, "writeAccess">, log: Logger): WriteMonitor {
  const stopping = new AbortController();
  let problem: WriteProblem | undefined;
  let sinceMs = 0;
  let checks = 0;

  const begin = (now: WriteProblem, error: unknown) => {
    if (problem === undefined) sinceMs = Date.now();
    if (problem !== now) {
      const { is, remedy } = writeProblemTexts[now];
      const detail = { problem: now, error: driverMessage(error), remedy: remedy.en };
      log.error(detail, `the database cannot be written: ${is.en}; requests that write are refused`);
    }
    problem = now;
  };
  const end = () => {
    if (problem !== undefined)
      log.info({ problem, seconds: Math.round((Date.now() - sinceMs) / 1_000) }, "the database can be written again");
    problem = undefined;
  };

  // One write that is not confirmed may be a pause of the server. While the database cannot be reached, the second one is not
  // sent.
  const write = () =>
    writeAccess.check().catch((error: unknown) => {
      if (writeProblemOf(error) !== "unconfirmed") throw error;
      return writeAccess.check();
    });
  const check = async () => {
    try {
      await write();
      checks += 1;
      // The row of the check is in a table of its own: a right on another table can be missing.
      const isRightsCheck = checks % CHECKS_PER_RIGHTS_CHECK === 0 || problem === "forbidden";
      const [missing] = isRightsCheck ? await writeAccess.missingRights() : [];
      if (missing === undefined) end();
      else begin("forbidden", new Error(`the user lacks ${missing}`));
    } catch (error) {
      const found = writeProblemOf(error);
      if (found !== undefined && !stopping.signal.aborted) begin(found, error);
    }
  };
  const run = async () => {
    while (!stopping.signal.aborted) {
      await sleep(INTERVAL_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (!stopping.signal.aborted) await check();
    }
  };
  return { problem: () => problem, check, start: () => void run(), stop: () => stopping.abort() };
}
