import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiWithAdmin, inMs, newKey, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

type Log = Readonly<Record<string, unknown>>;
type Page = { readonly items: readonly Log[] };

const entry = (fields: object = {}) => ({
  userId: user.email,
  action: "video",
  details: { prompt: "一只猫" },
  success: true,
  timestamp: inMs(0),
  ...fields,
});

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`batches of logs on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind);
    });
    afterAll(() => api.server.stop());

    const list = async (query: string): Promise<Page> => (await api.get(`/logs?${query}`)).body;
    const idsOf = ({ items }: Page) => items.map(({ logId }) => logId);

    describe("a batch", () => {
      const send = async (logs: readonly object[], key?: string) => {
        const answer = await api.post("/logs/batch", { logs }, key === undefined ? {} : { key });
        expect(answer).toMatchObject({ status: 200 });
        return answer.body;
      };

      test("of 500 logs of which one is not valid writes the 499 others", async () => {
        const action = newKey();
        const logs = Array.from({ length: 500 }, (_, n) => entry({ action, durationMs: n === 250 ? -1 : n }));
        const body = await send(logs);
        expect(body).toMatchObject({ written: 499, replayed: 0, refused: 1 });
        expect(body["results"][250]).toEqual({
          code: "VALIDATION_FAILED",
          message: expect.any(String),
          issues: [{ path: "durationMs", message: expect.any(String) }],
        });
        expect(body["results"][251]).toMatchObject({ logId: expect.stringMatching(/^log-/), replayed: false });
        expect((await list(`action=${action}&limit=1`)).items).toMatchObject([{ action }]);
      });

      test("with a key is written once: each log has the key and its position", async () => {
        const [key, action] = [newKey(), newKey()];
        const logs = [entry({ action }), entry({ action, idempotencyKey: newKey() }), entry({ action })];
        const first = await send(logs, key);
        const again = await send(logs, key);
        expect(again).toMatchObject({ written: 0, replayed: 3, refused: 0 });
        expect(again["results"].map(({ logId }: Log) => logId)).toEqual(
          first["results"].map(({ logId }: Log) => logId),
        );
        expect(idsOf(await list(`action=${action}`))).toHaveLength(3);
      });

      test("with one key twice writes one log, and refuses the second if it is another", async () => {
        const [one, two] = [newKey(), newKey()];
        const same = entry({ idempotencyKey: one });
        const body = await send([
          ...[same, same],
          ...[entry({ idempotencyKey: two }), entry({ idempotencyKey: two, action: "image" })],
        ]);
        expect(body).toMatchObject({ written: 2, replayed: 1, refused: 1 });
        expect(body["results"]).toMatchObject([
          { replayed: false },
          { replayed: true, logId: body["results"][0].logId },
          { replayed: false },
          { code: "IDEMPOTENCY_KEY_REUSED" },
        ]);
      });

      test("refuses logs of other users, but not those of a service key with act-as", async () => {
        const logs = [entry(), entry({ userId: other.email }), entry({ userId: "unknown@example.com" })];
        expect((await send(logs))["results"]).toMatchObject([
          { replayed: false },
          { code: "USER_MISMATCH" },
          { code: "USER_MISMATCH" },
        ]);
        const scopes = ["logs:write", "act-as"];
        const { body } = await api.post("/keys", { name: "site", scopes }, { as: "admin" });
        const answer = await api.server.call("POST", "/logs/batch", { token: body["key"], body: { logs } });
        expect(answer.body).toMatchObject({
          ...{ written: 2, refused: 1 },
          results: [{ replayed: false }, { replayed: false }, { code: "USER_NOT_FOUND" }],
        });
      });

      test("of nearly 1 MiB is written", async () => {
        const action = newKey();
        const logs = Array.from({ length: 140 }, () => entry({ action, details: { a: "x".repeat(7_000) } }));
        expect(await send(logs)).toMatchObject({ written: 140 });
        expect((await list(`action=${action}&limit=1`)).items).toMatchObject([{ details: null, detailsBytes: 7_008 }]);
      });

      test("of no logs, of 501 logs and of more than 1 MiB is refused", async () => {
        for (const logs of [[], Array.from({ length: 501 }, () => entry())]) {
          expect(await api.post("/logs/batch", { logs })).toMatchObject({
            status: 400,
            body: { issues: [{ path: "logs" }] },
          });
        }
        const large = Array.from({ length: 200 }, () => entry({ details: { a: "x".repeat(6_000) } }));
        expect(await api.post("/logs/batch", { logs: large })).toMatchObject({
          status: 413,
          body: { code: "PAYLOAD_TOO_LARGE", limitBytes: 1_048_576 },
        });
      });
    });
  });
}
