import { minorUnits } from "@jifen/billing";
import type { Reversal } from "@jifen/database";
import { apiSurfaceKinds, describeOn } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { followDispute } from "../src/modules/billing/reversals/follow-dispute.ts";
import { moveReversal } from "../src/modules/billing/reversals/move-reversal.ts";
import { jifen } from "./jifen-command.ts";
import { makeDue, type Paid, type RefundServer, startRefundServer } from "./refund-server.ts";
import { depsOf, refuseRefund } from "./reversal-steps.ts";
import { SCHEDULE_MS, within } from "./top-up-server.ts";

for (const kind of apiSurfaceKinds) {
  describeOn(kind)(`refunds that are made here and at the provider, on ${kind}`, { timeout: timeLimit(120) }, () => {
    let at: RefundServer;
    beforeAll(async () => {
      at = await startRefundServer(kind);
    });
    afterAll(async () => {
      const { stdout } = await jifen(at.api.server.database.url, "audit", "--json");
      await at.stop();
      expect(JSON.parse(stdout).differences).toEqual([]);
    });

    const expectBalance = async (balance: number) => expect(await at.balance()).toBe(balance);
    /** Waits until the reversals of an order are like these, oldest first. */
    const untilReversals = (orderId: string, like: readonly object[]) =>
      within(SCHEDULE_MS, async () => expect((await at.file(orderId)).reversals).toMatchObject(like));
    /** Sells a pack, and asks for a refund that gets no answer. */
    async function refundUnanswered(
      answers: "500" | "reset",
      amountMinor?: number,
    ): Promise<Paid & { readonly reversalId: string }> {
      const paid = await at.sell();
      at.fake.turn({ answers, lose: 1 });
      const { status, body } = await at.refund(paid.paymentId, amountMinor === undefined ? {} : { amountMinor });
      at.fake.turn({ answers: "normal" });
      expect({ status, body }).toMatchObject({ status: 200, body: { state: "taken" } });
      return { ...paid, reversalId: body.reversalId };
    }
    /** Moves a refund to where a person has to look. */
    const stick = (reversalId: string) =>
      at.withReversals(async (database) => {
        const reversal = (await database.reversals.findById(reversalId)) as Reversal;
        const stuck = { events: ["abnormal at the provider"], source: "time" } as const;
        expect(await moveReversal(depsOf(database), reversal, stuck)).toMatchObject({ isMoved: true });
      });
    /** Returns a part at the provider. @returns the refund there */
    function refundPartThere(orderId: string, amountMinor: number) {
      const trade = at.fake.books.find(orderId);
      const payment = trade?.payments[0];
      if (!trade || !payment) throw new Error("the order is not paid");
      const refund = at.fake.books.refund(trade, payment, { number: `there-${trade.refunds.length}`, amountMinor });
      if (typeof refund === "string") throw new Error(refund);
      refund.state = "done";
      return refund;
    }
    const untilChecked = (orderId: string, like: readonly object[]) =>
      within(SCHEDULE_MS, async () => {
        await at.check(orderId);
        expect((await at.file(orderId)).reversals).toMatchObject(like);
      });

    test("a refund without an answer does not leave its credits to a user whose money was returned at the provider", async () => {
      const { orderId, reversalId } = await refundUnanswered("500");
      at.fake.turn({ lose: 0 });
      at.fake.act(orderId, "refund");
      const outside = { kind: "outside", state: "done", amount: { minor: 990 } };
      await untilReversals(orderId, [{ state: "taken" }, { ...outside, takenCredits: 0, shortfall: 0 }]);
      expect(await at.find(orderId)).toMatchObject({ refunded: { minor: 990 } });
      // The provider refuses it, because the money is gone.
      await makeDue(at, { reversalId });
      const taken = { takenCredits: 100, takenBonus: 10, shortfall: 0 };
      await untilReversals(orderId, [{ state: "failed" }, { ...outside, ...taken }]);
      await expectBalance(0);
      expect(await at.find(orderId)).toMatchObject({ refunded: { minor: 990 } });
      expect(at.returnedMinor(orderId)).toBe(990);
    });

    test("a dispute takes the credits that a refund gives back because of it, and one of two does not end both", async () => {
      const { orderId, paymentId, reversalId } = await refundUnanswered("500");
      at.fake.turn({ lose: 0 });
      at.fake.act(orderId, "dispute");
      const dispute = { kind: "dispute", state: "taken", shortfall: 0 };
      await untilReversals(orderId, [{ state: "taken" }, { ...dispute, takenCredits: 0 }]);
      await at.withReversals((database) => refuseRefund(database, reversalId));
      await untilReversals(orderId, [{ state: "failed" }, { ...dispute, takenCredits: 100, takenBonus: 10 }]);
      await expectBalance(0);
      await at.withReversals(async (database) => {
        const payment = await database.payments.findById(paymentId);
        if (!payment) throw new Error("there is no payment");
        const amount = { minor: minorUnits(990), currency: "CNY" } as const;
        const fact = { kind: "dispute", disputeId: "du_2", txnId: payment.txnId, amount, state: "opened" } as const;
        await followDispute(depsOf(database), payment, { fact, source: "notice" });
      });
      at.fake.act(orderId, "win");
      await untilReversals(orderId, [{ state: "failed" }, { state: "failed" }, { kind: "dispute", state: "asked" }]);
      await expectBalance(110);
      expect(await at.file(orderId)).toMatchObject({ payments: [{ disputed: true }], refunded: { minor: 0 } });
    });

    test("a refund whose credits were given back is not sent again, whatever became of the process that did it", async () => {
      const { orderId, reversalId } = await refundUnanswered("500");
      await at.withReversals((database) => refuseRefund(database, reversalId, true));
      // The provider would return the money now.
      await makeDue(at, { reversalId });
      await untilReversals(orderId, [{ state: "failed", takenCredits: 100, takenBonus: 10 }]);
      expect(at.returnedMinor(orderId)).toBe(0);
      await expectBalance(110);
    });

    test("staff retries a refund that the provider has made: no part is returned twice", async () => {
      const { orderId, reversalId } = await refundUnanswered("reset", 396);
      await stick(reversalId);
      // The provider no longer knows the number of the request.
      at.fake.turn({ clockMs: 25 * 3_600_000 });
      const retry = await at.api.post(`/admin/reversals/${reversalId}/retry`, { reason: "test" }, { as: "admin" });
      at.fake.turn({ clockMs: 0 });
      expect(retry).toMatchObject({ status: 200, body: { state: "done", takenCredits: 40 } });
      expect(at.returnedMinor(orderId)).toBe(396);
      await expectBalance(66);
    });

    test("a stuck refund that staff makes at the provider takes its credits once, and a second one takes its own", async () => {
      const { orderId, reversalId } = await refundUnanswered("500", 396);
      await stick(reversalId);
      refundPartThere(orderId, 396);
      const own = { kind: "refund", state: "done", takenCredits: 40, takenBonus: 4 };
      await untilChecked(orderId, [own]);
      const second = refundPartThere(orderId, 396);
      await untilChecked(orderId, [own, { kind: "outside", state: "done", takenCredits: 40, takenBonus: 4 }]);
      await expectBalance(22);
      second.state = "failed";
      await untilChecked(orderId, [own, { kind: "outside", state: "failed" }]);
      await expectBalance(66);
      expect(await at.find(orderId)).toMatchObject({ refunded: { minor: 396 } });
    });

    test("a refund that failed here, was made there, and failed there has its credits back", async () => {
      const { orderId, reversalId } = await refundUnanswered("reset");
      await at.withReversals((database) => refuseRefund(database, reversalId));
      await untilChecked(orderId, [{ state: "failed" }, { kind: "outside", state: "done", takenCredits: 100 }]);
      await expectBalance(0);
      for (const refund of at.fake.books.find(orderId)?.refunds ?? []) refund.state = "failed";
      await untilChecked(orderId, [{ state: "failed" }, { kind: "outside", state: "failed" }]);
      await expectBalance(110);
      expect(await at.find(orderId)).toMatchObject({ refunded: { minor: 0 } });
    });
  });
}
