import { randomUUID } from "node:crypto";
import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiWithAdmin, admin, inMs, newKey, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

type Log = Readonly<Record<string, unknown>>;
type Page = { items: Log[]; nextCursor: string | null; searchedTo: string | null };

const entry = (fields: object = {}) => ({
  userId: user.email,
  action: "video",
  details: { prompt: "一只猫" },
  success: true,
  timestamp: inMs(0),
  ...fields,
});

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`the call log on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
    });
    afterAll(() => api.server.stop());

    const create = async (fields: object = {}, as: "user" | "other" = "user"): Promise<string> => {
      const body = entry({ ...(as === "other" && { userId: other.email }), ...fields });
      const answer = await api.post("/logs/create", body, { as });
      expect(answer).toMatchObject({ status: 200 });
      return answer.body.logId;
    };
    const list = async (query: string, as: "user" | "other" | "admin" = "user"): Promise<Page> => {
      const answer = await api.get(`${as === "admin" ? "/admin" : ""}/logs?${query}`, as);
      expect(answer).toMatchObject({ status: 200 });
      return answer.body;
    };
    const idsOf = ({ items }: Page) => items.map(({ logId }) => logId);

    describe("a log", () => {
      test("shows all of its fields, in a list and alone", async () => {
        const timestamp = inMs(-60_000);
        const reference = newKey();
        const logId = await create({ timestamp, reference, durationMs: 4_200, success: false });
        const shown = {
          logId,
          userId: user.email,
          action: "video",
          success: false,
          timestamp,
          countedAt: timestamp,
          receivedAt: expect.any(String),
          durationMs: 4_200,
          reference,
          details: { prompt: "一只猫" },
          detailsBytes: Buffer.byteLength('{"prompt":"一只猫"}'),
          charge: null,
          hold: null,
        };
        expect((await api.get(`/logs/${logId}`)).body).toEqual(shown);
        expect(await list(`reference=${reference}`)).toEqual({ items: [shown], nextCursor: null, searchedTo: null });
      });

      test("shows what the ledger has of its charge, after each refund", async () => {
        const { transactionId } = (await api.post("/credits/consume", { amount: 20, action: "video" })).body;
        const logId = await create({ transactionId });
        const chargeOf = async () => (await api.get(`/logs/${logId}`)).body["charge"];
        const charge = { transactionId, kind: "consume", amount: 20 };
        expect(await chargeOf()).toEqual({ ...charge, refunded: 0, net: 20 });
        for (const refunded of [5, 12]) {
          const amount = refunded === 5 ? 5 : 7;
          await api.post("/credits/refunds", { transactionId, amount }, { as: "admin" });
          expect(await chargeOf()).toEqual({ ...charge, refunded, net: 20 - refunded });
        }
        expect((await list(`transactionId=${transactionId}`)).items).toMatchObject([{ logId, charge: { net: 8 } }]);
      });

      test("shows its hold, and the charge of its capture", async () => {
        const { holdId } = (await api.post("/credits/holds", { amount: 10, action: "video" })).body;
        const logId = await create({ holdId });
        const shown = async () => (await api.get(`/logs/${logId}`)).body;
        expect(await shown()).toMatchObject({
          charge: null,
          hold: { holdId, state: "pending", amount: 10, captured: 0 },
        });
        const { transactionId } = (await api.post(`/credits/holds/${holdId}/capture`, { amount: 4 })).body;
        expect(await shown()).toMatchObject({
          charge: { transactionId, kind: "capture", amount: 4, refunded: 0, net: 4 },
          hold: { holdId, state: "captured", amount: 10, captured: 4 },
        });
      });

      test("shows no charge and no hold of another user", async () => {
        const { transactionId } = (await api.post("/credits/consume", { amount: 1, action: "video" })).body;
        const { holdId } = (await api.post("/credits/holds", { amount: 1, action: "video" })).body;
        for (const named of [{ transactionId }, { holdId }, { transactionId: "txn-unknown" }]) {
          const logId = await create(named, "other");
          expect((await api.get(`/logs/${logId}`, "other")).body).toMatchObject({ charge: null, hold: null });
        }
      });

      test("of another user is not found, and neither is one that does not exist", async () => {
        const logId = await create();
        for (const id of [logId, `log-${randomUUID()}`]) {
          expect(await api.get(`/logs/${id}`, "other")).toMatchObject({
            status: 404,
            body: { code: "LOG_NOT_FOUND" },
          });
        }
        expect((await list("limit=100", "other")).items.map(({ userId }) => userId)).not.toContain(user.email);
      });

      test("with a key is written once, and another request with the key is refused", async () => {
        const key = newKey();
        const sent = entry({ durationMs: 5, reference: "job-1" });
        const first = await api.post("/logs/create", sent, { key });
        const again = await api.post("/logs/create", sent, { key });
        expect(again.body).toEqual(first.body);
        expect(again.headers.get("idempotency-replayed")).toBe("true");
        for (const different of [
          { durationMs: 6 },
          { reference: "job-2" },
          { transactionId: "txn-1" },
          { success: false },
        ]) {
          expect(await api.post("/logs/create", { ...sent, ...different }, { key })).toMatchObject({
            status: 422,
            body: { code: "IDEMPOTENCY_KEY_REUSED" },
          });
        }
      });

      test.each([
        { fields: { transactionId: "txn-1", holdId: "hold-1" }, path: "holdId" },
        { fields: { transactionId: "hold-1" }, path: "transactionId" },
        { fields: { holdId: "txn-1" }, path: "holdId" },
        { fields: { durationMs: -1 }, path: "durationMs" },
        { fields: { durationMs: 1.5 }, path: "durationMs" },
        { fields: { durationMs: "5" }, path: "durationMs" },
        { fields: { durationMs: 86_400_001 }, path: "durationMs" },
        { fields: { reference: "a\nb" }, path: "reference" },
        { fields: { reference: "" }, path: "reference" },
        { fields: { reference: "x".repeat(101) }, path: "reference" },
      ])("with $fields is refused by the name of the field", async ({ fields, path }) => {
        const refused = await api.post("/logs/create", entry(fields));
        expect(refused).toMatchObject({ status: 400, body: { code: "VALIDATION_FAILED", issues: [{ path }] } });
      });
    });

    describe("a list", () => {
      test("pages are newest first, and neither skip nor repeat logs while others arrive", async () => {
        const action = newKey();
        const ids: string[] = [];
        for (let n = 0; n < 7; n += 1) ids.push(await create({ action, timestamp: inMs(-60_000 + n) }));
        const seen: unknown[] = [];
        for (let cursor = ""; ; ) {
          const page = await list(`action=${action}&limit=3${cursor && `&cursor=${cursor}`}`);
          seen.push(...idsOf(page));
          await create({ action });
          if (page.nextCursor === null) break;
          cursor = page.nextCursor;
        }
        expect(seen).toEqual(ids.toReversed());
      });

      test("filters by action, success, reference, time and text", async () => {
        const action = newKey();
        const nowMs = Date.now();
        const before = (ms: number) => new Date(nowMs - ms).toISOString();
        const [failed, text] = [
          await create({ action, success: false, timestamp: before(3_000) }),
          await create({ action, details: { 提示: "两只“狗” 100%_\\" }, timestamp: before(2_000) }),
        ];
        const last = await create({ action, timestamp: before(1_000), reference: action });
        const found = async (query: Record<string, string>) =>
          idsOf(await list(new URLSearchParams({ action, ...query }).toString()));
        expect(await found({ success: "false" })).toEqual([failed]);
        expect(await found({ success: "true" })).toEqual([last, text]);
        expect(await found({ reference: action })).toEqual([last]);
        for (const part of ["只“狗", "100%_\\", "提示"]) expect(await found({ text: part })).toEqual([text]);
        expect(await found({ text: "100__" })).toEqual([]);
        expect(await found({ from: before(1_500) })).toEqual([last]);
        expect(await found({ to: before(1_500), from: before(2_500) })).toEqual([text]);
      });

      test.each(["cursor=x", "limit=0", "limit=101", "success=yes", "text=", "transactionId=1", "from=2026-01-01"])(
        "with %s is refused by the name of the field",
        async (query) => {
          expect(await api.get(`/logs?${query}`)).toMatchObject({
            status: 400,
            body: { issues: [{ path: query.split("=")[0] }] },
          });
        },
      );

      test("for staff holds the logs of one user or of all users", async () => {
        const reference = newKey();
        const [mine, theirs] = [await create({ reference }), await create({ reference }, "other")];
        expect(idsOf(await list(`reference=${reference}`, "admin"))).toEqual([theirs, mine]);
        expect(idsOf(await list(`reference=${reference}&userId=${user.email}`, "admin"))).toEqual([mine]);
        expect(idsOf(await list("limit=2", "admin"))).toEqual([theirs, mine]);
        expect((await api.get(`/admin/logs/${theirs}`, "admin")).body).toMatchObject({ userId: other.email });
        expect(await api.get("/admin/logs?userId=unknown@example.com", "admin")).toMatchObject({ status: 404 });
        expect(await api.get("/admin/logs")).toMatchObject({ status: 403 });
      });

      test("for staff leaves an event for each user whose logs a list of all users shows", async () => {
        const reference = newKey();
        await create({ reference });
        await create({ reference }, "other");
        await list(`reference=${reference}`, "admin");
        for (const { email } of [user, other]) {
          const { body } = await api.get(`/admin/audit?action=logs.read&subject=user:${email}`, "admin");
          expect(body["items"]).toMatchObject([{ actor: `user:${admin.email}`, subject: `user:${email}` }]);
        }
      });

      test("for staff leaves one audit event an hour for each user whose logs are read", async () => {
        const logId = await create({}, "other");
        for (let n = 0; n < 3; n += 1) await api.get(`/admin/logs/${logId}`, "admin");
        await list(`userId=${other.email}`, "admin");
        const { body } = await api.get(`/admin/audit?action=logs.read&subject=user:${other.email}`, "admin");
        expect(body["items"]).toMatchObject([{ actor: `user:${admin.email}`, subject: `user:${other.email}` }]);
      });
    });
  });
}
