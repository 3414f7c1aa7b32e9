import { setTimeout } from "node:timers/promises";
import type { Act } from "@jifen/testkit/gateways";
import type { Random } from "../faults/random.ts";
import type { TestUser } from "../faults/send.ts";
import { packs } from "./catalogue.ts";
import type { FakeChannel } from "./gateways.ts";
import { callUntilAnswered } from "./persistent-call.ts";
import type { PlacedOrder } from "./placed-order.ts";

/** What clients that buy credits need. */
type BuyerDeps = {
  readonly users: readonly TestUser[];
  readonly channels: readonly FakeChannel[];
  readonly random: Random;
  /** The URL of a server, which may be down. */
  readonly url: () => string;
};

/** What a buyer does with an order, and how often of 100. */
const plans = [
  { plan: "pay", share: 70 },
  { plan: "pay twice", share: 5 },
  { plan: "pay less", share: 4 },
  { plan: "forged notices", share: 7 },
  { plan: "cancel", share: 7 },
  { plan: "cancel while paying", share: 7 },
] as const;
type Plan = (typeof plans)[number]["plan"];
const MOST_LEFT_OPEN = 2;

/** Clients that order packs and pay them, or do something else with them, concurrently. */
export class Buyers {
  readonly orders: PlacedOrder[] = [];
  readonly findings: string[] = [];
  readonly tally = new Map<string, number>();
  readonly #deps: BuyerDeps;
  /** How many orders of each user stay open, because their channel cannot close them. */
  readonly #leftOpen = new Map<TestUser, number>();
  #keys = 0;

  constructor(deps: BuyerDeps) {
    this.#deps = deps;
  }

  /** Every user buys until there are `count` orders. */
  async buy(count: number): Promise<void> {
    await Promise.all(
      this.#deps.users.map(async (user) => {
        while (this.orders.length < count) await this.#buyOne(user);
      }),
    );
  }

  async #buyOne(user: TestUser): Promise<void> {
    const { random, channels, url } = this.#deps;
    const channel = random.of(channels);
    const pack = random.of(packs);
    this.#keys += 1;
    const key = `order-${this.#keys}`;
    const order = { path: "/orders", body: { packId: pack.id, channel: channel.channel }, key };
    const send = () => callUntilAnswered(url, { ...order, method: "POST", token: user.token });
    // A retry that overtakes the first request must not make a second trade.
    const [answer, again] = await Promise.all([send(), random.below(4) === 0 ? send() : undefined]);
    if (answer.status === 409 && answer.body.code === "ORDER_LIMIT") return setTimeout(200);
    if (answer.status !== 200) {
      this.findings.push(`an order was answered with ${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}`);
      return;
    }
    // A request that came when the user had too many unfinished orders has no effect.
    if (again && again.body.code !== "ORDER_LIMIT" && again.body.orderId !== answer.body.orderId) {
      const [one, other] = [answer, again].map(({ status, body }) => `${status} ${JSON.stringify(body).slice(0, 300)}`);
      this.findings.push(`the key ${key} was answered with ${one} and with ${other}`);
    }
    const placed: PlacedOrder = { user, orderId: answer.body.orderId, channel, pack };
    this.orders.push(placed);
    // Some providers know an order only when its code was scanned.
    if (random.below(4) > 0) await (await fetch(`${channel.fake.url}/pay/${placed.orderId}`)).text();
    await this.#carryOut(planOf(random), placed);
  }

  async #carryOut(plan: Plan, order: PlacedOrder): Promise<void> {
    const { channel } = order;
    const done = channel.canClose || this.#canLeaveOpen(plan, order) ? plan : "pay";
    this.#count(done);
    switch (done) {
      case "pay":
        return this.#act(order, "pay");
      case "pay twice":
        return this.#act(order, "pay-twice", "pay");
      case "pay less":
        this.#act(order, "pay-less", "pay");
        // The order itself stays unpaid.
        return channel.canClose ? this.#cancel(order) : undefined;
      case "forged notices":
        for (const forgery of channel.fake.forgeries) channel.fake.act(order.orderId, "forge", forgery);
        return channel.canClose ? this.#cancel(order) : undefined;
      case "cancel":
        return this.#cancel(order);
      case "cancel while paying": {
        const cancelled = this.#cancel(order);
        await setTimeout(this.#deps.random.below(30));
        this.#act(order, "pay");
        return cancelled;
      }
      default:
        return done satisfies never;
    }
  }

  /** A user can have five unfinished orders: some of those that cannot be closed are left unpaid. */
  #canLeaveOpen(plan: Plan, { user }: PlacedOrder): boolean {
    if (plan === "pay" || plan === "pay twice") return true;
    const left = this.#leftOpen.get(user) ?? 0;
    if (plan.startsWith("cancel") || left === MOST_LEFT_OPEN) return false;
    this.#leftOpen.set(user, left + 1);
    return true;
  }

  /** Does what a person does at the provider, as far as the provider lets him. */
  #act({ channel: { fake }, orderId }: PlacedOrder, act: Act, otherwise: Act = act): void {
    try {
      fake.act(orderId, fake.acts.includes(act) ? act : otherwise);
    } catch (error) {
      this.#count(`at the provider: ${(error as Error).message}`);
    }
  }

  async #cancel({ user, orderId }: PlacedOrder): Promise<void> {
    const call = { method: "POST", path: `/orders/${orderId}/cancel`, token: user.token, body: {} } as const;
    const { status, body } = await callUntilAnswered(this.#deps.url, call);
    if (status !== 200) this.findings.push(`a cancellation was answered with ${status} ${JSON.stringify(body)}`);
    else this.#count(`cancelled: ${body.state}`);
  }

  #count(what: string): void {
    this.tally.set(what, (this.tally.get(what) ?? 0) + 1);
  }
}

function planOf(random: Random): Plan {
  let point = random.below(plans.reduce((sum, { share }) => sum + share, 0));
  for (const { plan, share } of plans) {
    if (point < share) return plan;
    point -= share;
  }
  return "pay";
}
