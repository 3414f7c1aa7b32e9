import type { Database } from "@jifen/database";
import type { Logger } from "pino";
import type { ProxyNotice } from "../../http/rate-limits/unnamed-proxy.ts";
import type { JobStatus } from "../../jobs/job.ts";
import type { Settings } from "../../settings/settings.ts";
import type { NewId } from "../../values/ids.ts";
import { checkProxy } from "../health/use-cases/check-proxy.ts";
import { runDoctor } from "../health/use-cases/run-doctor.ts";
import { createAuditRunner } from "./audit-runner.ts";
import type { Deps } from "./deps.ts";
import { oneAtATime } from "./doctor-runs.ts";

type SystemParts = {
  readonly identity: Pick<Deps, "mailer" | "userCache">;
  readonly mailLimits: Deps["mailLimits"];
  readonly settings: Settings;
  readonly environment: Deps["environment"];
  readonly database: Database;
  readonly jobStatuses: () => readonly JobStatus[];
  readonly newId: NewId;
  readonly nowMs: () => number;
  readonly log: Logger;
  readonly stopping: AbortSignal;
  readonly unnamedProxy: ProxyNotice["last"];
};

/** Builds the system module. */
export const createSystem = ({ identity, ...parts }: SystemParts): Deps => ({
  ...parts,
  mailer: identity.mailer,
  userCache: identity.userCache,
  audits: createAuditRunner(parts),
  runDoctor: oneAtATime(async () => [
    ...(await runDoctor(() => parts.settings)),
    // What only the server itself has seen.
    ...checkProxy(parts.unnamedProxy()),
  ]),
  startedAtMs: parts.nowMs(),
});
