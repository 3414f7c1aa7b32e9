import { aboveDatabaseKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApiWithAdmin, inMs, newKey, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

const deep = (levels: number): object => (levels === 0 ? {} : { a: deep(levels - 1) });
const entry = (fields: object = {}) => ({
  ...{ userId: user.email, action: "video", details: { prompt: "一只猫" }, success: true, timestamp: inMs(0) },
  ...fields,
});

/** Fields of one log, the field that has to be named, and what has to be said about it. */
const badFields: readonly { fields: object; names: string; says: RegExp }[] = [
  { fields: { transactionId: "txn-1", holdId: "hold-1" }, names: "holdId", says: /send one of them/ },
  { fields: { transactionId: "hold-1" }, names: "transactionId", says: /begins with txn-/ },
  { fields: { holdId: "txn-1" }, names: "holdId", says: /begins with hold-/ },
  { fields: { durationMs: -1 }, names: "durationMs", says: /whole number from 0 to 86400000/ },
  { fields: { durationMs: 0.5 }, names: "durationMs", says: /whole number/ },
  { fields: { durationMs: "5" }, names: "durationMs", says: /whole number/ },
  { fields: { reference: "job\u00071" }, names: "reference", says: /./ },
  { fields: { details: deep(33) }, names: "details", says: /32/ },
  { fields: { details: { x: "x".repeat(65_536) } }, names: "details", says: /65536/ },
];

/** Filters of a list. */
const badFilters: readonly { query: Record<string, string>; names: string; says: RegExp }[] = [
  { query: { transactionId: "txn-1", holdId: "hold-1" }, names: "holdId", says: /send one of them/ },
  { query: { from: inMs(0), to: inMs(-1_000) }, names: "to", says: /later than from/ },
  { query: { transactionId: "hold-1" }, names: "transactionId", says: /begins with txn-/ },
  { query: { holdId: "1" }, names: "holdId", says: /begins with hold-/ },
  { query: { reference: "a\nb" }, names: "reference", says: /./ },
  { query: { text: "" }, names: "text", says: /1 to 200/ },
  { query: { text: "x".repeat(201) }, names: "text", says: /1 to 200/ },
  { query: { success: "yes" }, names: "success", says: /true or false/ },
  { query: { cursor: "abc" }, names: "cursor", says: /nextCursor/ },
];

for (const kind of aboveDatabaseKinds) {
  describeOn(kind)(`bad input of the call log on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind, { LOG_DETAILS_BYTES: "65536" });
    });
    afterAll(() => api.server.stop());

    const english = { "accept-language": "en" };
    const send = (path: string, body: object) =>
      api.server.call("POST", path, { token: api.tokens.user, body, headers: english });
    const listed = async () => (await api.get("/logs?limit=100")).body["items"].length as number;
    const counted = async () => {
      const query = `from=2020-01-01&to=${inMs(2 * 86_400_000).slice(0, 10)}&groupBy=month`;
      return (await api.get(`/logs/stats?${query}`)).body["totals"]["calls"] as number;
    };

    test.each(badFields)(
      "a log with $fields is refused alone and in a batch, by the name of $names, and nothing is written",
      async ({ fields, names, says }) => {
        const before = [await listed(), await counted()];
        const key = newKey();
        const alone = await send("/logs/create", { ...entry(fields), idempotencyKey: key });
        expect(alone).toMatchObject({ status: 400, body: { code: "VALIDATION_FAILED" } });
        expect(alone.body.issues).toEqual([{ path: names, message: expect.stringMatching(says) }]);
        const batch = await send("/logs/batch", { logs: [{ ...entry(fields), idempotencyKey: key }] });
        expect(batch.body).toMatchObject({ written: 0, replayed: 0, refused: 1 });
        expect(batch.body.results[0].issues).toEqual(alone.body.issues);
        expect([await listed(), await counted()]).toEqual(before);
        // The key is still free.
        expect((await send("/logs/create", { ...entry(), idempotencyKey: key })).status).toBe(200);
        expect([await listed(), await counted()]).toEqual(before.map((count) => count + 1));
      },
    );

    test.each(["\ud800", "a\u0000b"])("details with %j come back as they were sent, or name details", async (text) => {
      const { status, body } = await send("/logs/create", entry({ details: { text } }));
      if (status === 200) {
        expect((await api.get(`/logs/${body.logId}`)).body["details"]).toEqual({ text });
      } else {
        expect({ status, issues: body.issues }).toMatchObject({ status: 400, issues: [{ path: "details" }] });
      }
    });

    test.each(badFilters)("a list by $query names $names and says what would be right", async (each) => {
      for (const [path, token] of [
        ["/logs", api.tokens.user],
        ["/admin/logs", api.tokens.admin],
      ]) {
        const query = new URLSearchParams(each.query);
        const { status, body } = await api.server.call("GET", `${path}?${query}`, {
          token: `${token}`,
          headers: english,
        });
        expect({ status, body }).toMatchObject({ status: 400, body: { code: "VALIDATION_FAILED" } });
        expect(body.issues).toEqual([{ path: each.names, message: expect.stringMatching(each.says) }]);
      }
    });

    test("the cursor of another list is refused, and that of another user shows nothing of that user", async () => {
      await send("/logs/create", entry());
      await send("/logs/create", entry());
      await api.post("/credits/consume", { amount: 1, action: "video" });
      await api.post("/credits/consume", { amount: 1, action: "video" });
      const ofJournal = (await api.get("/credits/transactions?limit=1")).body["nextCursor"];
      expect(await api.get(`/logs?cursor=${ofJournal}`)).toMatchObject({
        status: 400,
        body: { issues: [{ path: "cursor" }] },
      });
      const ofUser = (await api.get("/logs?limit=1")).body["nextCursor"];
      expect(ofUser).toEqual(expect.any(String));
      const { status, body } = await api.get(`/logs?cursor=${ofUser}`, "other");
      expect({ status, items: body["items"] }).toEqual({ status: 200, items: [] });
    });

    describe("texts", () => {
      test.each(["🐈", "%", "_", "\\", '"', "^.*$", "(", "[a-z]+", "第"])(
        "%j is found as it is written",
        async (text) => {
          const action = newKey();
          const { body } = await send("/logs/create", entry({ action, details: { text: `before ${text} after` } }));
          await send("/logs/create", entry({ action, details: { x: "nothing of it here" } }));
          const found = await api.get(`/logs?${new URLSearchParams({ action, text })}`);
          const ids = (found.body["items"] as { logId: string }[]).map(({ logId }) => logId);
          // A quote is also around every name and text of the details.
          expect(text === '"' ? ids : [ids[0], ids.length]).toEqual(
            text === '"' ? expect.arrayContaining([body.logId]) : [body.logId, 1],
          );
        },
      );
    });

    test("no text of one user's logs is in any answer to another user", async () => {
      const own = `whisper${Date.now()}`;
      const reference = `${own}-reference`;
      const { transactionId } = (await api.post("/credits/consume", { amount: 1, action: "video" })).body;
      const key = newKey();
      const log = entry({ reference, transactionId, action: `${own}-action`, details: { [own]: [own] } });
      const { logId } = (await send("/logs/create", { ...log, idempotencyKey: key })).body;
      const cursor = Buffer.from(logId).toString("base64url");
      const wide = { from: "2020-01-01", to: inMs(2 * 86_400_000).slice(0, 10), groupBy: "month", by: "action" };
      const ids = [logId, logId.toUpperCase(), ` ${logId}`, `${logId}%00`, `${logId}/..`, transactionId, reference];
      const values = [...ids, own.slice(0, 6), user.email, cursor, "%", "_", ""];
      const names = ["action", "text", "reference", "transactionId", "holdId", "cursor", "userId", "from", "success"];
      const requests = [
        ...ids.map((id) => `/logs/${encodeURIComponent(id)}`),
        ...names.flatMap((name) => values.map((value) => `/logs?${new URLSearchParams({ [name]: value })}`)),
        `/logs/stats?${new URLSearchParams(wide)}`,
        ...values.map(
          (value) => `/logs/export?${new URLSearchParams({ format: "ndjson", details: "true", after: value })}`,
        ),
        `/logs/export?${new URLSearchParams({ format: "csv", details: "true" })}`,
        ...["/admin/logs", `/admin/logs/${logId}`, `/admin/logs/export?format=csv`],
      ];
      const leaks: string[] = [];
      for (const path of requests) {
        for (const headers of [english, { ...english, "x-user-id": user.email }]) {
          const answer = await api.server.call("GET", path, { token: api.tokens.other, headers });
          const text = `${JSON.stringify(answer.body)} ${JSON.stringify([...answer.headers])}`;
          // A refusal can repeat what the request itself said, but never more than that.
          const sent = decodeURIComponent(path.replaceAll("+", " "));
          if (text.replaceAll(sent, "").includes(own) && !sent.includes(own)) leaks.push(`${path}: ${text}`);
        }
      }
      for (const body of [
        { ...log, userId: other.email, idempotencyKey: key },
        { ...log, idempotencyKey: key },
        { ...log, userId: other.email, logId },
      ]) {
        const answer = await api.post(
          "/logs/create",
          { ...body, action: "x", reference: "x", details: {} },
          { as: "other" },
        );
        if (JSON.stringify(answer.body).includes(own)) leaks.push(`create: ${JSON.stringify(answer.body)}`);
      }
      expect(leaks).toEqual([]);
      expect((await api.get(`/logs/${logId}`)).body["details"]).toEqual({ [own]: [own] });
    });
  });
}
