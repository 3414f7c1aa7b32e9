import { setTimeout } from "node:timers/promises";
import type { Random } from "../faults/random.ts";
import type { TestUser } from "../faults/send.ts";
import { type Reading, readAs } from "./check-payments.ts";
import { callUntilAnswered } from "./persistent-call.ts";
import { creditsOf, type PlacedOrder } from "./placed-order.ts";

/** How money goes back to a user. */
const ways = ["refund", "part", "refund at the provider", "dispute won", "dispute lost", "refund of both"] as const;

/** An order whose money goes back, wholly or in part. */
type Reversed = {
  readonly order: PlacedOrder;
  readonly way: (typeof ways)[number];
  /** The credits that this must take, and the money that staff has returned, once each. */
  readonly takes: number;
  readonly returnsMinor: number;
};

/** Longer than the pauses between the attempts to finish a reversal. */
const WITHIN_MS = 240_000;

/** Returns the money of some orders in every way there is, and checks what became of their credits and their money. */
export class Reversals {
  readonly findings: string[] = [];
  readonly tally = new Map<string, number>();
  readonly #reading: Reading;
  readonly #random: Random;
  readonly #reversed: Reversed[] = [];

  constructor(reading: Reading, random: Random) {
    this.#reading = reading;
    this.#random = random;
  }

  /** Returns the money of every `nth` order that was credited. */
  async reverse(orders: readonly PlacedOrder[], nth: number): Promise<void> {
    const some = orders.filter((order) => creditsOf(order) > 0).filter((_, at) => at % nth === 0);
    // A few at a time, as staff does.
    const lanes = Array.from({ length: 4 }, (_, lane) => some.filter((_order, at) => at % 4 === lane));
    await Promise.all(
      lanes.map(async (lane) => {
        for (const order of lane) await this.#reverseOne(order);
      }),
    );
  }

  /** The credits that were taken of a user, when everything is done. */
  takenOf(user: TestUser): number {
    return this.#reversed.reduce((sum, { order, takes }) => sum + (order.user === user ? takes : 0), 0);
  }

  /** Waits until every reversal has taken its credits. Those that have not in time, or took others, are findings. */
  async check(): Promise<readonly string[]> {
    let due: readonly Reversed[] = this.#reversed;
    const problems = new Map<Reversed, string>();
    for (const beganMs = Date.now(); due.length > 0 && Date.now() - beganMs < WITHIN_MS; await setTimeout(500)) {
      const left: Reversed[] = [];
      for (const each of due) {
        const problem = await this.#problemOf(each);
        if (problem === undefined) continue;
        problems.set(each, problem);
        left.push(each);
      }
      due = left;
    }
    return due.map(
      (each) => `${each.way} of ${each.order.orderId} at ${each.order.channel.channel}: ${problems.get(each)}`,
    );
  }

  async #reverseOne(order: PlacedOrder): Promise<void> {
    const { channel, fake } = order.channel;
    const possible =
      channel === "stripe" ? ways : channel === "alipay" || channel === "wechatpay" ? ways.slice(0, 2) : [];
    if (possible.length === 0) return;
    const way = this.#random.of(possible);
    this.tally.set(way, (this.tally.get(way) ?? 0) + 1);
    const { credits, bonusCredits } = order.pack;
    const paidMinor = fake.books.find(order.orderId)?.content.amountMinor ?? 0;
    const all = { order, way, takes: credits + bonusCredits };
    switch (way) {
      case "refund":
        await this.#refund(order);
        this.#reversed.push({ ...all, returnsMinor: paidMinor });
        return;
      case "part": {
        const part = 1 + this.#random.below(paidMinor - 1);
        await this.#refund(order, part);
        const share = (whole: number) => Math.ceil((whole * part) / paidMinor);
        this.#reversed.push({ order, way, takes: share(credits) + share(bonusCredits), returnsMinor: part });
        return;
      }
      case "refund at the provider":
        fake.act(order.orderId, "refund");
        this.#reversed.push({ ...all, returnsMinor: paidMinor });
        return;
      case "refund of both":
        // Staff and the provider return the same money at the same time: the provider does so once.
        await Promise.all([this.#refund(order, undefined, "or refused"), this.#refundAtProvider(order)]);
        this.#reversed.push({ ...all, returnsMinor: paidMinor });
        return;
      case "dispute won":
      case "dispute lost":
        fake.act(order.orderId, "dispute");
        await setTimeout(this.#random.below(3_000));
        fake.act(order.orderId, way === "dispute won" ? "win" : "lose");
        this.#reversed.push({ ...all, takes: way === "dispute won" ? 0 : all.takes, returnsMinor: 0 });
        return;
      default:
        way satisfies never;
    }
  }

  async #refundAtProvider({ channel: { fake }, orderId }: PlacedOrder): Promise<void> {
    await setTimeout(this.#random.below(40));
    try {
      fake.act(orderId, "refund");
    } catch {
      // Staff was faster.
    }
  }

  /** Asks for one refund twice at the same time, under one key. */
  async #refund(order: PlacedOrder, amountMinor?: number, or?: "or refused"): Promise<void> {
    const { url, admin } = this.#reading;
    const { payments } = await readAs(this.#reading, admin, `/admin/orders/${order.orderId}`);
    const credited = payments.find(({ state }: { readonly state: string }) => state === "credited");
    const body = { reason: "a refund", ...(amountMinor !== undefined && { amountMinor }) };
    const path = `/admin/payments/${credited?.paymentId}/refunds`;
    const call = { method: "POST", path, token: admin.token, body, key: `refund-${order.orderId}` } as const;
    const answers = await Promise.all([callUntilAnswered(url, call), callUntilAnswered(url, call)]);
    const [one, other] = answers.map(({ status, body: { reversalId } }) => (status === 200 ? reversalId : undefined));
    if (one !== undefined && one === other) return;
    const isRefused = answers.every(({ status }) => status === 422 || status === 409);
    if (or !== undefined && isRefused) return;
    const texts = answers.map(({ status, body: answer }) => `${status} ${JSON.stringify(answer).slice(0, 300)}`);
    this.findings.push(`a refund of ${order.orderId} was answered with ${texts.join(" and with ")}`);
  }

  /** What is not yet as it must be. */
  async #problemOf({ order, takes, returnsMinor }: Reversed): Promise<string | undefined> {
    const { orderId, channel } = order;
    const { reversals } = await readAs(this.#reading, this.#reading.admin, `/admin/orders/${orderId}`);
    // What is not final can still give credits back, or take others.
    const open = reversals.find(({ state }: { readonly state: string }) => state !== "done" && state !== "failed");
    if (open) return `a reversal is not final: ${JSON.stringify(reversals)}`;
    let taken = 0;
    for (const { state, takenCredits, takenBonus } of reversals)
      if (state !== "failed") taken += takenCredits + takenBonus;
    if (taken !== takes) return `${taken} credits are taken, and ${takes} must be: ${JSON.stringify(reversals)}`;
    const refunds = channel.fake.books.find(orderId)?.refunds ?? [];
    const returned = refunds.reduce((sum, { state, amountMinor }) => sum + (state === "failed" ? 0 : amountMinor), 0);
    return returned === returnsMinor ? undefined : `${returned} is returned, and ${returnsMinor} must be`;
  }
}
