import { setTimeout as sleep } from "node:timers/promises";
import { databaseKinds, describeOn, type RestAnswer } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiWithAdmin, admin, newKey, startApiWithAdmin } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";

type Hold = { readonly state: string; readonly captured: number; readonly released: number; readonly expired: number };

const releasesOf = (holdId: string) => `/admin/users/${user.email}/holds/${holdId}/release`;

for (const kind of databaseKinds) {
  describeOn(kind)(`holds that staff releases, on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
    });
    afterAll(() => api.server.stop());

    const place = async (body: object = {}, token?: string): Promise<string> => {
      const hold = { amount: 10, action: "video", ...body };
      const answer = token
        ? await api.server.call("POST", "/credits/holds", { token, body: hold, headers: { "x-user-id": user.email } })
        : await api.post("/credits/holds", hold);
      expect(answer).toMatchObject({ status: 200 });
      return answer.body.holdId;
    };
    const release = (holdId: string, { key = newKey(), ...body }: { key?: string; note?: string } = {}) =>
      api.post(releasesOf(holdId), { reason: "the worker is lost", ...body }, { as: "admin", key });
    const found = async (holdId: string): Promise<Hold> => (await api.get(`/credits/holds/${holdId}`)).body;
    const openHolds = async (query = "") => {
      const { status, body } = await api.get(`/admin/holds?limit=100${query}`, "admin");
      expect({ status, body }).toMatchObject({ status: 200 });
      return body.items as { holdId: string; userId: string; placedBy: string }[];
    };

    test("a hold that a service placed is released by staff, and its user sees the reason and not the note", async () => {
      await api.fund({ amount: 100 });
      const { key: service } = (
        await api.post("/keys", { name: "worker", scopes: ["credits:spend", "act-as"] }, { as: "admin" })
      ).body;
      const holdId = await place({ amount: 30 }, service);
      expect(await openHolds()).toMatchObject([{ holdId, userId: user.email, placedBy: `service:${admin.email}` }]);
      const key = newKey();
      const released = await release(holdId, { key, note: "ticket 7\nthe worker's disk was full" });
      expect(released).toMatchObject({
        status: 200,
        body: { released: 30, expiredOnReturn: 0, balance: 100, held: 0 },
      });
      expect(await openHolds()).toEqual([]);
      // The note is no part of the request: a retry without it is the same request.
      const again = await release(holdId, { key });
      expect(again.body).toEqual(released.body);
      expect(again.headers.get("idempotency-replayed")).toBe("true");
      expect(await found(holdId)).toMatchObject({ state: "released", released: 30 });

      const own = (await api.get(`/credits/transactions/${released.body.transactionId}`)).body;
      expect(own).toMatchObject({ kind: "release", actor: "staff", metadata: { reason: "the worker is lost" } });
      expect(JSON.stringify(own)).not.toContain("ticket");
      const { items } = (await api.get(`/admin/audit?subject=user:${user.email}&action=credits.releaseHold`, "admin"))
        .body;
      expect(items).toMatchObject([
        {
          ...{ actor: `user:${admin.email}`, reason: "the worker is lost" },
          details: { amount: 30, note: "ticket 7\nthe worker's disk was full" },
        },
      ]);
    });

    test("a released hold is not released again under another key, and an unknown hold is not found", async () => {
      await api.fund({ amount: 100 });
      const holdId = await place();
      const key = newKey();
      expect((await release(holdId, { key })).status).toBe(200);
      expect(await release(holdId)).toMatchObject({
        status: 409,
        body: { code: "HOLD_ALREADY_RESOLVED", state: "released", resolvedAt: expect.any(String) },
      });
      expect(await release(await place(), { key })).toMatchObject({ body: { code: "IDEMPOTENCY_KEY_REUSED" } });
      expect(await release("hold-missing")).toMatchObject({ status: 404, body: { code: "HOLD_NOT_FOUND" } });
      const asUser = await api.post(releasesOf(holdId), { reason: "mine" });
      expect(asUser).toMatchObject({ status: 403, body: { code: "FORBIDDEN" } });
    });

    test("only holds that were placed long enough ago are listed", async () => {
      await api.fund({ amount: 100 });
      const holdId = await place();
      expect((await openHolds()).map((hold) => hold.holdId)).toContain(holdId);
      expect((await openHolds("&olderThanSeconds=3600")).map((hold) => hold.holdId)).not.toContain(holdId);
      await expect
        .poll(async () => (await openHolds("&olderThanSeconds=1")).map((hold) => hold.holdId), {
          timeout: timeLimit(10),
        })
        .toContain(holdId);
      await release(holdId);
    });

    test("of staff, the owner and the expiry that resolve holds concurrently, each hold returns exactly once", {
      timeout: timeLimit(120),
    }, async () => {
      await api.fund({ amount: 1_000 });
      const before = await api.balance();
      const holds = await Promise.all(Array.from({ length: 24 }, () => place({ amount: 10, ttlSeconds: 2 })));
      const startedAt = Date.now();
      const race = async (holdId: string, n: number): Promise<RestAnswer[]> => {
        // Half of the holds meet their expiry.
        if (n % 2 === 1) await sleep(Math.max(0, 1_900 + n * 10 - (Date.now() - startedAt)));
        const [one, other] = [newKey(), newKey()];
        return Promise.all([
          release(holdId, { key: one }),
          release(holdId, { key: one }),
          release(holdId, { key: other }),
          api.post(`/credits/holds/${holdId}/capture`, { amount: 4 }, { key: newKey() }),
          api.post(`/credits/holds/${holdId}/release`, {}, { key: newKey() }),
        ]);
      };
      const answers = await Promise.all(holds.map(race));
      await expect.poll(async () => (await api.balance()).held, { timeout: timeLimit(30) }).toBe(before.held);
      const resolved = await Promise.all(holds.map(found));
      for (const [n, { state, captured, released, expired }] of resolved.entries()) {
        expect(captured + released + expired).toBe(10);
        expect(captured).toBe(state === "captured" ? 4 : 0);
        const statuses = (answers[n] ?? []).map(({ status }) => status);
        expect(statuses.every((status) => [200, 409].includes(status))).toBe(true);
        // A replay answers as the first execution did, and nothing else takes effect.
        const acts = new Set(
          (answers[n] ?? []).filter(({ status }) => status === 200).map(({ body }) => body.transactionId),
        );
        expect(acts.size).toBe(state === "expired" ? 0 : 1);
      }
      const charged = resolved.reduce((sum, { captured }) => sum + captured, 0);
      expect(await api.balance()).toMatchObject({ balance: before.balance - charged, held: before.held });
    });
  });
}
