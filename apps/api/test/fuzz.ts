import { DatabaseSync } from "node:sqlite";
import { refusals } from "@jifen/contract";
import { expect } from "vitest";
import type { Server } from "./start-server.ts";
import { bystander } from "./valid-inputs.ts";

/** As long as clients wait. */
const TIMEOUT_MS = 30_000;

/** What somebody was told: a status, and what stood in the body. */
export type Reply = { readonly status: number; readonly body: unknown };

/** Watches a server while strangers try what they can think of. */
export type Watch = {
  /** Another number whenever anything was written since; undefined where nobody can tell. */
  written(): number | undefined;
  /** The server does what it always does, for somebody whom none of this is about. */
  expectHealthy(): Promise<void>;
  stop(): void;
};

/** Watches `server`, which has to know `bystander`. */
export async function watch({ api, call, token, database }: Server): Promise<Watch> {
  const unnamed = await token(bystander);
  const file = database.url.startsWith("file:") ? new DatabaseSync(database.url.slice("file:".length)) : undefined;
  const version = file?.prepare("PRAGMA data_version");
  return {
    // SQLite tells one connection when another one has written.
    written: () => version && Number(Object.values(version.get() ?? {})[0]),
    expectHealthy: async () => {
      const answer = await call("GET", "/credits/balance", {
        token: unnamed,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      expect(answer).toMatchObject({ status: 200, body: { balance: 100, held: 0 } });
      expect(api.process.exitCode).toBeNull();
    },
    stop: () => file?.close(),
  };
}

/** The refusals in an answer, REST's or tRPC's, one for each call; undefined for a call that was done. */
function refusalsIn({ body }: Reply): readonly ({ readonly code?: unknown } | undefined)[] {
  const answers: readonly unknown[] = Array.isArray(body) ? body : [body];
  return answers.map((answer) => {
    const { error, code } = answer as { error?: { json?: { data?: { app?: object } } }; code?: unknown };
    if (error !== undefined) return error.json?.data?.app ?? {};
    return code === undefined ? undefined : (answer as { code: unknown });
  });
}

/** Nothing went wrong in the server, and who was refused knows by what code, whose status it is. */
export function expectKnownRefusal(told: Reply): void {
  expect(told.status).toBeLessThan(500);
  if (told.status < 400) return;
  for (const refusal of refusalsIn(told)) {
    const known = (refusals as Readonly<Record<string, { status: number }>>)[`${refusal?.code}`];
    expect(known, `a refusal without a code that we know: ${JSON.stringify(told)}`).toBeDefined();
    if (!Array.isArray(told.body)) expect(known?.status).toBe(told.status);
  }
}

/** Whether nothing at all was done. */
export const isRefused = (told: Reply): boolean =>
  told.status >= 400 && refusalsIn(told).every((refusal) => refusal !== undefined);
