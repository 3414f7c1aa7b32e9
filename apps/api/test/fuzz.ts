import { DatabaseSync } from "node:sqlite";
import { refusals } from "@jifen/contract";
import { timeLimit } from "@jifen/testkit/time-limit";
import { expect } from "vitest";
import type { Server } from "./start-server.ts";
import { bystander } from "./valid-inputs.ts";

/** How long clients wait. */
const TIMEOUT_MS = timeLimit(30);

/** The status and the body of a response. */
export type Reply = { readonly status: number; readonly body: unknown };

/** Observes a server during a fuzz test. */
export type ServerMonitor = {
  /** A number that changes with every write to an SQLite database but renewals of job leases; undefined elsewhere. */
  writeVersion(): number | undefined;
  /** Asserts that the server still serves a user that the test does not touch. */
  expectHealthy(): Promise<void>;
  stop(): void;
};

/** Observes `server`, which must have the user `bystander`. */
export async function monitorServer({ api, call, token, database }: Server): Promise<ServerMonitor> {
  const bystanderToken = await token(bystander);
  const writes = database.url.startsWith("file:") ? countWrites(database.url.slice("file:".length)) : undefined;
  return {
    writeVersion: () => writes?.count(),
    expectHealthy: async () => {
      const answer = await call("GET", "/credits/balance", {
        token: bystanderToken,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      expect(answer).toMatchObject({ status: 200, body: { balance: 100, held: 0 } });
      expect(api.process.exitCode).toBeNull();
    },
    stop: () => writes?.stop(),
  };
}

/**
 * Counts the changes of an SQLite file between two calls. In the background the server renews the leases of its jobs, feeds
 * the sums of credits, and records the end of an audit that an earlier call started.
 */
function countWrites(file: string): { count(): number; stop(): void } {
  const database = new DatabaseSync(file);
  // SQLite changes this number for a connection when another one has written.
  const version = database.prepare("PRAGMA data_version");
  const leases = database.prepare("SELECT * FROM job_leases ORDER BY name");
  const marks = database.prepare("SELECT * FROM spend_marks ORDER BY account_id");
  const audits = database.prepare("SELECT * FROM audit_runs ORDER BY id");
  const read = () => ({
    version: JSON.stringify(version.get()),
    background: JSON.stringify([leases.all(), marks.all(), audits.all()]),
  });
  let last = read();
  let writes = 0;
  return {
    count: () => {
      const now = read();
      if (now.version !== last.version && now.background === last.background) writes += 1;
      last = now;
      return writes;
    },
    stop: () => database.close(),
  };
}

/** The refusals in a response of REST or tRPC, one for each call; undefined for a call that succeeded. */
function refusalsIn({ body }: Reply): readonly ({ readonly code?: unknown } | undefined)[] {
  const answers: readonly unknown[] = Array.isArray(body) ? body : [body];
  return answers.map((answer) => {
    const { error, code } = answer as { error?: { json?: { data?: { app?: object } } }; code?: unknown };
    if (error !== undefined) return error.json?.data?.app ?? {};
    return code === undefined ? undefined : (answer as { code: unknown });
  });
}

/** Asserts that the response is no server error, and that every refusal has a known code with its status. */
export function expectKnownRefusal(reply: Reply): void {
  expect(reply.status).toBeLessThan(500);
  if (reply.status < 400) return;
  for (const refusal of refusalsIn(reply)) {
    const known = (refusals as Readonly<Record<string, { status: number }>>)[`${refusal?.code}`];
    expect(known, `a refusal with an unknown code: ${JSON.stringify(reply)}`).toBeDefined();
    if (!Array.isArray(reply.body)) expect(known?.status).toBe(reply.status);
  }
}

/** Whether every call was refused. */
export const isRefused = (reply: Reply): boolean =>
  reply.status >= 400 && refusalsIn(reply).every((refusal) => refusal !== undefined);
