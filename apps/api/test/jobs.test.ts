import { type Api, callRest, databaseKinds, describeOn, freshDatabase, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { describe, test } from "vitest";
import { journalOf } from "./journal.ts";
import { admin, grantsOf, inMs } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";
import { createTestUsers } from "./test-users.ts";

const TOKEN = "a-metrics-token-0123456789";
/** The lease of the expirations job. */
const LEASE_MS = 15_000;

/** The value of a metric of the expirations job; undefined when it has none. */
async function metricOf({ url }: Api, name: string): Promise<number | undefined> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } });
  const value = new RegExp(`^${name}\\{job="expirations"\\} (.*)$`, "m").exec(await response.text())?.[1];
  return value === undefined ? undefined : Number(value);
}
const hasLease = (api: Api) => metricOf(api, "jifen_job_has_lease");

describe("the lease of a background job", { concurrent: true }, () => {
  for (const kind of databaseKinds) {
    describeOn(kind)(`on ${kind}`, { concurrent: true }, () => {
      const title = `another server takes a job over within two leases after a server was killed, on ${kind}`;
      test(title, { timeout: timeLimit(90) }, async ({ expect }) => {
        const database = await freshDatabase(kind);
        const whitelist = [user, admin].map(({ email, password }) => `${email}:${password}`).join(",");
        await createTestUsers(database.url, whitelist, 100);
        const env = {
          METRICS_TOKEN: TOKEN,
          ADMIN_EMAILS: admin.email,
          JWT_SECRET: "one-secret-for-every-replica-0123456789",
        };
        const first = await startApi({ databaseUrl: database.url, env });
        await expect.poll(() => hasLease(first), { timeout: timeLimit(10) }).toBe(1);
        await using second = await startApi({ databaseUrl: database.url, env });
        await expect.poll(() => hasLease(second), { timeout: timeLimit(10) }).toBe(0);
        expect(await metricOf(second, "jifen_job_batches_total")).toBe(0);

        const { token } = (await callRest(second.url, "POST", "/auth/login", { body: admin })).body;
        const grant = { amount: 7, reason: "a test", expiresAt: inMs(3_000) };
        const granted = await callRest(second.url, "POST", grantsOf(user.email), { token, body: grant });
        expect(granted.status).toBe(200);
        await first.stop("SIGKILL");
        const killedAt = Date.now();

        // Nothing but the job touches the account.
        const kinds = async () =>
          (await journalOf({ database }, user.email)).map(({ kind: what, amount }) => `${what} ${amount}`);
        await expect.poll(kinds, { timeout: 2 * LEASE_MS, interval: 200 }).toContain("expire 7");
        expect(Date.now() - killedAt).toBeLessThan(2 * LEASE_MS);
        expect(await hasLease(second)).toBe(1);
        // The batch that wrote the entry ends a moment later.
        await expect.poll(() => metricOf(second, "jifen_job_last_success_age_seconds")).toBeLessThan(10);
        expect(await metricOf(second, "jifen_job_failures_total")).toBe(0);
        await second.stop();
        await database.drop();
      });
    });
  }
});
