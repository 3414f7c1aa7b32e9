import { setTimeout } from "node:timers/promises";
import type { TestUser } from "../faults/send.ts";
import { callUntilAnswered } from "./persistent-call.ts";
import { creditsOf, type PlacedOrder, paymentsOf } from "./placed-order.ts";

/** Who is asked about payments. */
export type Reading = { readonly url: () => string; readonly admin: TestUser };

/** A payment as staff sees it. */
type ShownPayment = {
  readonly providerId: string;
  readonly state: string;
  readonly reason: string | null;
  readonly transactionId: string | null;
  readonly bonusTransactionId: string | null;
};

/** Longer than the schedule of an order that was just placed, after a server was killed that had claimed it. */
const CREDITED_WITHIN_MS = 180_000;

/** Reads a path as a user, until it is answered. */
export async function readAs({ url }: Reading, { token }: TestUser, path: string) {
  const { status, body } = await callUntilAnswered(url, { method: "GET", path, token });
  if (status !== 200) throw new Error(`GET ${path} was answered with ${status} ${JSON.stringify(body)}`);
  return body;
}

/** The balance of a user. */
export const balanceOf = async (reading: Reading, user: TestUser): Promise<number> =>
  (await readAs(reading, user, "/credits/balance")).balance;

/** Waits until every order that was paid is credited. Those that are not in time are findings. */
export async function waitForCredits(reading: Reading, orders: readonly PlacedOrder[]): Promise<readonly string[]> {
  let due = orders.filter((order) => creditsOf(order) > 0);
  for (const beganMs = Date.now(); due.length > 0 && Date.now() - beganMs < CREDITED_WITHIN_MS; await setTimeout(500)) {
    const left: PlacedOrder[] = [];
    for (const order of due) {
      const { state } = await readAs(reading, order.user, `/orders/${order.orderId}`);
      if (state !== "credited") left.push(order);
    }
    due = left;
  }
  return due.map(({ orderId, channel }) => `the order ${orderId} at ${channel.channel} was paid and is not credited`);
}

/**
 * Compares every order with the books of its provider: one payment credited it if it was paid in full, every other payment
 * that Jifen was told of waits for staff, and none is there that the provider does not have.
 */
export async function checkOrders(reading: Reading, orders: readonly PlacedOrder[]): Promise<readonly string[]> {
  const findings: string[] = [];
  const grants: string[] = [];
  for (const order of orders) {
    const { payments } = await readAs(reading, reading.admin, `/admin/orders/${order.orderId}`);
    findings.push(...checkOrder(order, payments).map((what) => `${order.channel.channel} ${order.orderId}: ${what}`));
    for (const { transactionId, bonusTransactionId } of payments as readonly ShownPayment[]) {
      grants.push(...[transactionId, bonusTransactionId].filter((id) => id !== null));
    }
  }
  if (new Set(grants).size !== grants.length) findings.push("one grant belongs to two payments");
  return findings;
}

function checkOrder(order: PlacedOrder, payments: readonly ShownPayment[]): readonly string[] {
  const { full, wrong } = paymentsOf(order);
  const findings: string[] = [];
  const ids = payments.map(({ providerId }) => providerId);
  if (new Set(ids).size !== ids.length) findings.push("one transaction has two payments");
  for (const id of ids) if (!full.includes(id) && !wrong.includes(id)) findings.push(`${id} was never paid`);
  const credited = payments.filter(({ state }) => state === "credited");
  if (credited.length !== Math.min(full.length, 1)) findings.push(`${credited.length} payments are credited`);
  for (const { providerId, state, reason } of payments) {
    if (state === "credited" && wrong.includes(providerId)) findings.push(`${providerId} has another amount`);
    const expected = wrong.includes(providerId) ? "amount" : "surplus";
    if (state === "review" && reason !== expected) findings.push(`${providerId} is in review because of ${reason}`);
    if (state !== "credited" && state !== "review") findings.push(`${providerId} is ${state}`);
  }
  // A second payment whose notices were all lost is unknown: the provider shows one for the number of an order.
  const [shown] = [...full, ...wrong];
  if (shown !== undefined && payments.length === 0) findings.push(`${shown} was paid and is not recorded`);
  return findings;
}
