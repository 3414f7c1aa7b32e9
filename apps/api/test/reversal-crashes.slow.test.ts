// Expected duration: 240 s on two cores.

import { minorUnits, type ReversalEvent } from "@jifen/billing";
import { ok, userId } from "@jifen/core";
import { openDatabase, type Reversal } from "@jifen/database";
import { type Api, callRest, databaseKinds, describeOn, freePort, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { moveReversal } from "../src/modules/billing/reversals/move-reversal.ts";
import { readRows } from "../src/modules/billing/reversals/payment-rows.ts";
import { mostOf, takeCredits } from "../src/modules/billing/reversals/take-credits.ts";
import { jifen } from "./jifen-command.ts";
import { type Paid, type RefundServer, startRefundServer } from "./refund-server.ts";
import { depsOf, newNumber, refuseRefund } from "./reversal-steps.ts";
import { admin, newKey } from "./start-api-with-admin.ts";
import { SCHEDULE_MS, within } from "./top-up-server.ts";

const JWT_SECRET = "a-secret-that-every-server-of-these-tests-has";

/** What a process has done of a refund of all before it was killed. */
const cuts = [
  { until: "asked", says: "the refund was asked for", ends: "done", returned: 990 },
  { until: "revoked", says: "the credits were taken, which no step has noted", ends: "done", returned: 990 },
  { until: "taken", says: "the credits were taken", ends: "done", returned: 990 },
  { until: "sent", says: "the provider has made the refund, which was not noted", ends: "done", returned: 990 },
  {
    ...{ until: "given back", says: "credits of a refused refund were given back, which was not noted" },
    ...{ ends: "failed", returned: 0 },
  },
] as const;

for (const kind of databaseKinds) {
  describeOn(kind)(`reversals and crashes on ${kind}`, { timeout: timeLimit(180) }, () => {
    let at: RefundServer;
    /** The server that runs now: each test leaves one. */
    let api: Api;
    beforeAll(async () => {
      const port = String(await freePort());
      at = await startRefundServer(kind, { JWT_SECRET, PORT: port });
      api = at.api.server.api;
    });
    afterAll(async () => {
      const { stdout } = await jifen(at.api.server.database.url, "audit", "--json");
      expect(JSON.parse(stdout).differences).toEqual([]);
      await api.stop();
      await at.stop();
    });

    const start = () =>
      startApi({ databaseUrl: at.api.server.database.url, env: { ...at.env, ADMIN_EMAILS: admin.email } });
    const restart = async () => {
      await api.stop("SIGKILL");
      api = await start();
    };
    const file = async (orderId: string) =>
      (await callRest(api.url, "GET", `/admin/orders/${orderId}`, { token: at.api.tokens.admin })).body;
    const balance = async () =>
      (await callRest(api.url, "GET", "/credits/balance", { token: at.api.tokens.user })).body.balance;
    const refund = (paymentId: string, key: string, amountMinor?: number) =>
      callRest(api.url, "POST", `/admin/payments/${paymentId}/refunds`, {
        ...{ token: at.api.tokens.admin, headers: { "idempotency-key": key } },
        body: { reason: "test", ...(amountMinor !== undefined && { amountMinor }) },
      });
    const untilReversal = (orderId: string, like: object) =>
      within(2 * SCHEDULE_MS, async () => expect((await file(orderId)).reversals.at(-1)).toMatchObject(like));

    /** Does what a server does of a refund, up to a point. */
    async function refundUntil({ orderId, paymentId }: Paid, until: (typeof cuts)[number]["until"]): Promise<void> {
      const database = await openDatabase(at.api.server.database.url, { migrate: false });
      const deps = depsOf(database);
      const move = (reversal: Reversal, ...events: ReversalEvent[]) =>
        moveReversal(deps, reversal, { events, source: "staff" });
      let reversal = await insertRefund(database, paymentId);
      const { payment, all } = await readRows(deps, reversal);
      if (until !== "asked") {
        const most = mostOf(reversal, payment, all);
        ({ reversal } = await takeCredits(deps, reversal, { payment, most, all }));
        expect(reversal.takenCredits).toBe(100);
      }
      if (until !== "asked" && until !== "revoked") ({ reversal } = await move(reversal, "credits taken"));
      if (until === "sent") {
        const { txnId, amountMinor } = payment;
        const metadata = { "metadata[jifen_order]": orderId, "metadata[jifen_reversal]": reversal.id };
        const body = new URLSearchParams({
          payment_intent: txnId,
          amount: `${amountMinor}`,
          ...metadata,
          "metadata[jifen_minor]": `${amountMinor}`,
        });
        const key = {
          Authorization: `Bearer ${at.fake.settings["STRIPE_SECRET_KEY"]}`,
          "Idempotency-Key": reversal.id,
        };
        const made = await fetch(`${at.fake.url}/v1/refunds`, { method: "POST", headers: key, body });
        expect(made.status).toBe(200);
      }
      if (until === "given back") await refuseRefund(database, reversal.id, true);
      await database.close();
    }

    async function insertRefund(
      database: Awaited<ReturnType<typeof openDatabase>>,
      paymentId: string,
    ): Promise<Reversal> {
      const payment = await database.payments.findById(paymentId);
      if (!payment) throw new Error("there is no payment");
      const id = newNumber();
      const asked = await database.reversals.ask(payment, () =>
        ok({
          reversal: {
            ...{ userId: userId(payment.userId), id, paymentId, kind: "refund", outsideId: null, rule: "unused" },
            ...{ amountMinor: minorUnits(990), currency: payment.currency, askedCredits: 100, takenCredits: 0 },
            ...{ takenBonus: 0, shortfall: 0, state: "asked", madeBy: "user:finance@example.com" },
            ...{ createdAtMs: Date.now(), nextCheckMs: 1 },
          },
          payment: {
            set: { reversingMinor: minorUnits(990) },
            event: { atMs: 1, what: "refund: asked", source: "staff" },
          },
        }),
      );
      if (!asked.ok) throw new Error("there is no payment");
      return asked.value.reversal;
    }

    test.each(cuts)("when $says, another process does the rest, once", async ({ until, ends, returned }) => {
      const paid = await at.sell();
      await api.stop("SIGKILL");
      await refundUntil(paid, until);
      api = await start();
      await untilReversal(paid.orderId, { state: ends, takenCredits: 100, takenBonus: 10 });
      // The provider would return the money now.
      expect(at.returnedMinor(paid.orderId)).toBe(returned);
    });

    test("a server that is killed while the provider answers returns the money once", async () => {
      const { orderId, paymentId } = await at.sell();
      at.fake.turn({ answers: "hang", lose: 1 });
      const key = newKey();
      const asked = refund(paymentId, key).catch(() => undefined);
      await within(SCHEDULE_MS, async () => expect(at.returnedMinor(orderId)).toBe(990));
      await restart();
      await asked;
      at.fake.turn({ answers: "normal", lose: 0 });
      const again = await refund(paymentId, key);
      expect(again).toMatchObject({ status: 200, body: { state: expect.stringMatching(/taken|sent|done/) } });
      await untilReversal(orderId, { state: "done" });
      expect(at.returnedMinor(orderId)).toBe(990);
      expect(await balance()).toBe(0);
    });

    test("a server that is killed again and again while parts go back returns each part once", async () => {
      const { orderId, paymentId } = await at.sell();
      const keys = Array.from({ length: 6 }, newKey);
      for (const round of [1, 2, 3]) {
        const asking = keys.map((key) => refund(paymentId, key, 99).catch(() => undefined));
        await Promise.race([...asking, new Promise((resolve) => setTimeout(resolve, 120 * round))]);
        await restart();
        await Promise.all(asking);
      }
      const answers = await Promise.all(keys.map((key) => refund(paymentId, key, 99)));
      expect(answers.map(({ status }) => status)).toEqual(keys.map(() => 200));
      await within(2 * SCHEDULE_MS, async () => {
        const { reversals } = await file(orderId);
        expect(reversals.map(({ state }: { state: string }) => state)).toEqual(keys.map(() => "done"));
      });
      expect(at.returnedMinor(orderId)).toBe(6 * 99);
      expect(await balance()).toBe(110 - 66);
    });
  });
}
