import { openDatabase, type Reversal } from "@jifen/database";
import type { DatabaseKind, RestAnswer } from "@jifen/testkit";
import { startStripe } from "@jifen/testkit/gateways";
import { expect } from "vitest";
import { newKey } from "./start-api-with-admin.ts";
import { SCHEDULE_MS, startTopUpServer, type TopUpServer, within } from "./top-up-server.ts";

/** A payment that is credited. */
export type Paid = { readonly orderId: string; readonly paymentId: string };

/** A server that sells packs through a fake of Stripe, and refunds them. */
export type RefundServer = TopUpServer & {
  /** Takes all credits of the user away, then sells a pack and waits for its credits. */
  sell(packId?: string): Promise<Paid>;
  /** The order as staff sees it. */
  file(orderId: string): Promise<RestAnswer["body"]>;
  refundable(paymentId: string): Promise<RestAnswer["body"]>;
  refund(paymentId: string, input?: object, key?: string): Promise<RestAnswer>;
  spend(amount: number): Promise<void>;
  balance(): Promise<number>;
  /** What was sold and bought back, as the provider has it. */
  returnedMinor(orderId: string): number;
  /** Asks the provider about an order, as staff does. */
  check(orderId: string): Promise<void>;
  /** Waits until the newest reversal of the order is like this. */
  untilReversal(orderId: string, like: object): Promise<void>;
  /** Reads and changes reversals beside the server. */
  withReversals<Result>(work: (database: Awaited<ReturnType<typeof openDatabase>>) => Promise<Result>): Promise<Result>;
};

/** Starts the server, the fake and the catalogue. */
export async function startRefundServer(kind: DatabaseKind, env: Record<string, string> = {}): Promise<RefundServer> {
  const at = await startTopUpServer(kind, { STRIPE_CURRENCIES: "CNY", ...env }, startStripe);
  const { api, fake } = at;
  fake.turn({ notifyUrl: `${api.server.api.url}/payments/stripe/notify` });
  const file: RefundServer["file"] = async (orderId) => (await api.get(`/admin/orders/${orderId}`, "admin")).body;
  return {
    ...{ ...at, file },
    sell: async (packId = "p100") => {
      await api.fund();
      const { orderId } = await at.order(packId, { channel: "stripe" });
      fake.act(orderId, "pay");
      await within(SCHEDULE_MS, async () => expect(await at.find(orderId)).toMatchObject({ state: "credited" }));
      return { orderId, paymentId: (await file(orderId)).payments[0].paymentId };
    },
    refundable: async (paymentId) => (await api.get(`/admin/payments/${paymentId}/refundable`, "admin")).body,
    refund: (paymentId, input = {}, key = newKey()) =>
      api.post(`/admin/payments/${paymentId}/refunds`, { reason: "unhappy", ...input }, { as: "admin", key }),
    spend: async (amount) => {
      if (amount === 0) return;
      expect((await api.post("/credits/consume", { amount, action: "video" })).status).toBe(200);
    },
    balance: async () => (await api.balance()).balance,
    returnedMinor: (orderId) =>
      (fake.books.find(orderId)?.refunds ?? []).reduce(
        (sum, { amountMinor, state }) => sum + (state === "failed" ? 0 : amountMinor),
        0,
      ),
    check: async (orderId) => {
      // The provider is asked at most every three seconds.
      await within(SCHEDULE_MS, async () => {
        const before = fake.books.find(orderId);
        const { status } = await api.post(`/admin/orders/${orderId}/check`, {}, { as: "admin" });
        expect([before !== undefined, status]).toEqual([true, 200]);
      });
    },
    untilReversal: (orderId, like) =>
      within(SCHEDULE_MS, async () => expect((await file(orderId)).reversals.at(-1)).toMatchObject(like)),
    withReversals: async (work) => {
      const database = await openDatabase(api.server.database.url, { migrate: false });
      try {
        return await work(database);
      } finally {
        await database.close();
      }
    },
  };
}

/** Makes a reversal due now. */
export const makeDue = (at: RefundServer, { reversalId }: { readonly reversalId: string }): Promise<Reversal> =>
  at.withReversals(async ({ reversals }) => {
    const reversal = await reversals.findById(reversalId);
    if (!reversal) throw new Error(`there is no reversal ${reversalId}`);
    await reversals.schedule(reversal, { nextCheckMs: 1, checks: reversal.checks });
    return reversal;
  });
