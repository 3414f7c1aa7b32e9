import type { Database } from "@jifen/database";
import type { RateLimits } from "../../http/rate-limits/rate-limits.ts";
import type { JobStatus } from "../../jobs/job.ts";
import type { Settings } from "../../settings/settings.ts";
import type { NewId } from "../../values/ids.ts";
import type { Finding } from "../health/finding.ts";
import type { UserCache } from "../identity/credentials/user-cache.ts";
import type { Mailer } from "../identity/mail/mailer.ts";
import type { AuditRunner } from "./audit-runner.ts";

/** What the system module works with. */
export type Deps = {
  readonly database: Pick<Database, "kind" | "audit" | "auditLog">;
  readonly settings: Pick<Settings, "mail" | "redisUrl">;
  /** The environment variables that the settings were read from. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** undefined: this server sends no e-mail. */
  readonly mailer: Pick<Mailer, "sendNow" | "server"> | undefined;
  readonly mailLimits: Pick<RateLimits["mail"], "takeTest">;
  readonly userCache: Pick<UserCache, "find">;
  readonly audits: AuditRunner;
  readonly runDoctor: () => Promise<readonly Finding[]>;
  readonly jobStatuses: () => readonly JobStatus[];
  readonly startedAtMs: number;
  readonly newId: NewId;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
};
