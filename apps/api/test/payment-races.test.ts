import { setTimeout as sleep } from "node:timers/promises";
import { accountOf, userId } from "@jifen/core";
import { type Api, apiSurfaceKinds, callRest, describeOn, startApi } from "@jifen/testkit";
import { type FakeGateway, startEpay } from "@jifen/testkit/gateways";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keysOfReversal } from "../src/modules/billing/reversals/reversal-keys.ts";
import { openInProcessPayments } from "./in-process-payments.ts";
import { jifen } from "./jifen-command.ts";
import { type RefundServer, startRefundServer } from "./refund-server.ts";
import { admin, newKey } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";
import { SCHEDULE_MS, within } from "./top-up-server.ts";

const JWT_SECRET = "a-secret-that-both-servers-of-these-tests-have";
const owner = userId(user.email);
const times = <Result>(count: number, make: (n: number) => Result) => Array.from({ length: count }, (_, n) => make(n));
const rounds = [1, 2];

type Answer = Awaited<ReturnType<typeof callRest>>;
const isOk = ({ status }: Answer): boolean => status === 200;

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`races of payments at two servers on ${kind}`, { timeout: timeLimit(120) }, () => {
    let at: RefundServer;
    let epay: FakeGateway;
    let elsewhere: Api;
    beforeAll(async () => {
      epay = await startEpay();
      at = await startRefundServer(kind, { ...epay.settings, JWT_SECRET });
      const { secondUrl } = at.api.server.database;
      elsewhere = await startApi({ databaseUrl: secondUrl, env: { ...at.env, ADMIN_EMAILS: admin.email } });
      const role = { role: "finance", reason: "a test" };
      const given = await at.api.post(`/admin/users/${encodeURIComponent(other.email)}/role`, role, { as: "admin" });
      expect(given.status).toBe(200);
    });
    afterAll(async () => {
      const { stdout } = await jifen(at.api.server.database.url, "audit", "--json");
      await elsewhere.stop();
      await at.stop();
      await epay[Symbol.asyncDispose]();
      expect(JSON.parse(stdout).differences).toEqual([]);
    });

    /** A call of one of two people of staff, each at a server of their own. */
    const asStaff = (n: number, path: string, body: object): Promise<Answer> =>
      callRest(n % 2 ? elsewhere.url : at.api.server.api.url, "POST", path, {
        ...{ token: at.api.tokens[n % 2 ? "other" : "admin"], body: { reason: "test", ...body } },
        headers: { "idempotency-key": newKey() },
      });
    const expectBalance = async (balance: number) => expect(await at.balance()).toBe(balance);
    /** What the journal says of the reversals of an order. */
    const journalOf = async (orderId: string) => {
      const { reversals } = await at.file(orderId);
      const entries = await at.withReversals(({ history }) =>
        Promise.all(
          reversals.map(({ reversalId }: { reversalId: string }) =>
            history.entriesByKeyPrefix(accountOf(owner), keysOfReversal(reversalId)),
          ),
        ),
      );
      const sum = (entryKind: string) =>
        entries
          .flat()
          .filter((entry) => entry.kind === entryKind)
          .reduce((total, { amount }) => total + amount, 0);
      return { taken: sum("revoke"), givenBack: sum("grant") };
    };
    const statesOf = async (orderId: string) =>
      (await at.file(orderId)).reversals.map(({ state }: { state: string }) => state);

    test.each(rounds)("two people who return thirds of a payment return it once, round %i", async () => {
      const { orderId, paymentId } = await at.sell();
      const refund = (n: number) => asStaff(n, `/admin/payments/${paymentId}/refunds`, { amountMinor: 330 });
      const answers = await Promise.all(times(8, refund));
      expect(answers.filter(isOk)).toHaveLength(3);
      const refused = answers.filter((answer) => !isOk(answer)).map(({ body }) => body.code);
      expect(refused).toEqual(times(5, () => "REFUND_EXCEEDS_PAYMENT"));
      await within(SCHEDULE_MS, async () => expect(await statesOf(orderId)).toEqual(["done", "done", "done"]));
      expect(at.returnedMinor(orderId)).toBe(990);
      expect(await journalOf(orderId)).toEqual({ taken: 110, givenBack: 0 });
      await expectBalance(0);
    });

    test.each([0, 8, 60])(
      "a refund that is made here and at the provider %i ms later returns the money once",
      async (laterMs) => {
        const { orderId, paymentId } = await at.sell();
        at.fake.turn({ repeat: 6 });
        const own = times(2, (n) => asStaff(n, `/admin/payments/${paymentId}/refunds`, {}));
        await sleep(laterMs);
        const there = () => at.fake.act(orderId, "refund");
        // The provider refuses it when ours was faster.
        const isFirst = at.returnedMinor(orderId) === 0;
        if (isFirst) there();
        else expect(there).toThrow("refunded");
        await Promise.all([...own, ...times(2, (n) => asStaff(n, `/admin/orders/${orderId}/check`, {}))]);
        at.fake.turn({ repeat: 1 });
        const kindOfDone = isFirst ? "outside" : "refund";
        await within(SCHEDULE_MS, async () => {
          const { reversals } = await at.file(orderId);
          const done = reversals.filter(({ state }: { state: string }) => state === "done");
          expect(done).toMatchObject([{ kind: kindOfDone, takenCredits: 100, takenBonus: 10, shortfall: 0 }]);
          expect(reversals.length - done.length).toBe(
            reversals.filter(({ state }: { state: string }) => state === "failed").length,
          );
        });
        expect(at.returnedMinor(orderId)).toBe(990);
        const { taken, givenBack } = await journalOf(orderId);
        expect(taken - givenBack).toBe(110);
        await expectBalance(0);
        expect(await at.find(orderId)).toMatchObject({ refunded: { minor: 990 } });
      },
    );

    test.each(rounds)("of people who accept and dismiss a payment one decides, round %i", async () => {
      await at.api.fund();
      const { orderId } = await at.order("p7", { channel: "epay" });
      epay.act(orderId, "pay-less");
      await within(SCHEDULE_MS, async () => expect(await at.find(orderId)).toMatchObject({ needsHelp: true }));
      const { paymentId } = (await at.file(orderId)).payments[0];
      const verbs = ["accept", "dismiss", "dismiss", "accept"] as const;
      const decide = (n: number) => asStaff(n, `/admin/payments/${paymentId}/${verbs[n % 4]}`, {});
      const answers = await Promise.all(times(8, decide));
      expect(answers.filter(isOk)).toHaveLength(1);
      const refused = answers.filter((answer) => !isOk(answer)).map(({ body }) => body.code);
      expect(refused).toEqual(times(7, () => "NOT_IN_REVIEW"));
      const isAccepted = verbs[answers.findIndex(isOk) % 4] === "accept";
      const state = isAccepted ? "credited" : "dismissed";
      await within(SCHEDULE_MS, async () => expect((await at.file(orderId)).payments).toMatchObject([{ state }]));
      await expectBalance(isAccepted ? 7 : 0);
      const log = await Promise.all(
        ["accept", "dismiss"].map(async (verb) => {
          const { body } = await at.api.get(`/admin/audit?action=payments.${verb}&limit=100`, "admin");
          return body.items.filter(
            ({ details }: { details: { paymentId: string } }) => details.paymentId === paymentId,
          );
        }),
      );
      expect(log.flat()).toMatchObject([{ action: isAccepted ? "payments.accept" : "payments.dismiss" }]);
    });

    test.each(rounds)("a payment that notices and queries report concurrently is credited once, round %i", async () => {
      await at.api.fund();
      const { url, secondUrl } = at.api.server.database;
      await using here = await openInProcessPayments(url, epay.settings);
      await using there = await openInProcessPayments(secondUrl, epay.settings);
      const { orderId } = await at.order("p100", { channel: "epay" });
      const order = await here.findOrder(orderId);
      epay.turn({ repeat: 8 });
      epay.act(orderId, "pay");
      const asked = times(8, (n) => (n % 2 ? here : there).ask(order));
      await Promise.all([...asked, ...times(2, (n) => asStaff(n, `/admin/orders/${orderId}/check`, {}))]);
      const delivered = () =>
        epay.deliveries.filter(({ number, isAcknowledged }) => number === orderId && isAcknowledged);
      await within(SCHEDULE_MS, async () => expect(delivered()).toHaveLength(8));
      epay.turn({ repeat: 1 });
      await within(SCHEDULE_MS, async () => expect(await at.find(orderId)).toMatchObject({ state: "credited" }));
      const { payments, events } = await at.file(orderId);
      expect(payments).toMatchObject([{ state: "credited", credits: 100, bonusCredits: 10 }]);
      const what = events.map((event: { what: string }) => event.what);
      expect(what).toEqual(["created", "payable", "payment accepted", "credits granted"]);
      await expectBalance(110);
    });
  });
}
