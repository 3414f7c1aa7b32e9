import { apiSurfaceKinds, describeOn, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { expect, test } from "vitest";
import { makeBatch } from "./redemption.ts";
import { admin, startApiWithAdmin } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";
import { type Receiver, startReceiver } from "./webhook-receiver.ts";

// Only admins reach receivers of this machine.
const env = { RATE_LIMIT_CODES: "off", WEBHOOK_ALLOW: "127.0.0.1", ADMIN_EMAILS: `${admin.email},${user.email}` };

const idsOf = ({ received }: Receiver) => received.map(({ headers }) => headers["webhook-id"]);

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`a server that is killed after a change on ${kind}`, () => {
    test("an event that was written before the crash is sent after it", async () => {
      const api = await startApiWithAdmin(kind, env);
      const receiver = await startReceiver();
      expect((await api.post("/webhooks/endpoints", { url: receiver.url })).status).toBe(200);
      const { codes } = await makeBatch(api, { codes: 5, maxPerUser: 5 });
      const answers = await Promise.all(codes.map((code) => api.post("/codes/redeem", { code })));
      await api.server.api.stop("SIGKILL");
      const ids = answers.map(({ body }) => body.transactionId.replace("txn-", "evt-"));
      await using _again = await startApi({ databaseUrl: api.server.database.url, env });
      for (const endsAt = Date.now() + timeLimit(50); new Set(idsOf(receiver)).size < 5; ) {
        expect(Date.now()).toBeLessThan(endsAt);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      expect([...new Set(idsOf(receiver))].toSorted()).toEqual(ids.toSorted());
      await receiver.close();
    });
  });
}
