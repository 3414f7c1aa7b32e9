import { aboveDatabaseKinds, describeOn, eventually } from "@jifen/testkit";
import { describe, expect, test } from "vitest";
import { grantsOf } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";
import { idsIn, useTwoServers } from "./two-live-servers.ts";

for (const kind of aboveDatabaseKinds) {
  describeOn(kind)(`streams of live events on ${kind}`, () => {
    const servers = useTwoServers(kind);

    test("no event is about another user", async () => {
      const stream = await servers.opened("elsewhere");
      const secret = await servers.newLog({ details: { secret: "of-the-other" } }, "other");
      await servers.post(grantsOf(other.email), { amount: 1, reason: "test" }, "admin");
      const own = await servers.newLog();
      await eventually(async () => expect(idsIn(stream)).toEqual([own]));
      expect(stream.text()).not.toContain("of-the-other");
      expect(stream.text()).not.toContain(secret);
    });

    test.each(["kinds=", "kinds=logs", "kinds=log,", "kinds=log,balance,log", "kind=log", "kinds=log&kinds=log"])(
      "a query %s is refused and names its field",
      async (query) => {
        const refused = await servers.open("here", { query });
        expect(refused.status).toBe(400);
        expect(refused.body()).toMatchObject({ code: "VALIDATION_FAILED" });
      },
    );

    describe("a service key", () => {
      test("sees what its scopes allow", async () => {
        const [logs, credits] = [
          await servers.newKey(["logs:read", "act-as"]),
          await servers.newKey(["credits:read", "act-as"]),
        ];
        const headers = { "x-user-id": user.email };
        const [ofLogs, ofCredits] = [
          await servers.opened("elsewhere", { token: logs.key, headers }),
          await servers.opened("elsewhere", { token: credits.key, headers }),
        ];
        await servers.post("/credits/consume", { amount: 1, action: "video" });
        const logId = await servers.newLog();
        await eventually(async () => expect(idsIn(ofLogs)).toEqual([logId]));
        await eventually(async () => expect(ofCredits.events("balance")).toHaveLength(2));
        expect(ofLogs.events("balance")).toEqual([]);
        expect([...ofCredits.events("log"), ...ofCredits.events("resync")]).toEqual([]);
      });

      test("is refused without the scope of what it asks for", async () => {
        const [none, logs] = [await servers.newKey(["users:read"]), await servers.newKey(["logs:read"])];
        expect((await servers.open("here", { token: none.key })).status).toBe(403);
        const hidden = await servers.open("here", { token: logs.key, query: "kinds=log,balance" });
        expect(hidden.status).toBe(403);
        expect(hidden.body()).toMatchObject({ code: "FORBIDDEN", scope: "credits:read" });
        const headers = { "x-user-id": user.email };
        expect((await servers.open("here", { token: logs.key, headers })).body()).toMatchObject({
          code: "USER_MISMATCH",
        });
      });
    });

    test("a user has five streams of a server, and the next one when one of them was left", async () => {
      const token = servers.api.tokens.admin;
      const five = await Promise.all(Array.from({ length: 5 }, () => servers.opened("here", { token })));
      const sixth = await servers.open("here", { token });
      expect({ status: sixth.status, ...sixth.body() }).toMatchObject({ status: 429, code: "RATE_LIMITED" });
      expect(sixth.headers).toMatchObject({ "retry-after": "15" });
      five[0]?.close();
      await eventually(async () => expect((await servers.open("here", { token })).status).toBe(200));
    });

    test("a HEAD request gets the headers and opens no stream", async () => {
      const answer = await servers.api.server.call("HEAD", "/live", { token: servers.api.tokens.user });
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-type")).toBe("text/event-stream");
    });

    test("the id of an event that no server has sent is refused", async () => {
      const refused = await servers.open("here", { query: "lastEventId=log-1" });
      expect(refused.status).toBe(400);
      expect(refused.body()).toMatchObject({
        code: "VALIDATION_FAILED",
        issues: [{ path: "lastEventId", message: expect.stringContaining("id") }],
      });
    });
  });
}
