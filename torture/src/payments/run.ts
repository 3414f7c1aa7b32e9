import { setTimeout } from "node:timers/promises";
import { jifenAudit } from "../faults/jifen-audit.ts";
import { type Random, randomFrom } from "../faults/random.ts";
import { createUsers, logInUsers, Replica } from "../faults/replica.ts";
import { type Kind, scratchOn } from "../scratch.ts";
import { Buyers } from "./buyers.ts";
import { publishPacks } from "./catalogue.ts";
import { balanceOf, checkOrders, type Reading, waitForCredits } from "./check-payments.ts";
import { type FakeChannel, startChannels } from "./gateways.ts";
import { startNoticeRelay } from "./notice-relay.ts";
import { creditsOf } from "./placed-order.ts";
import { Reversals } from "./reversals.ts";

/** One run. */
export type PaymentRun = {
  readonly seed: number;
  readonly kind: Kind;
  /** How many orders are placed. */
  readonly orders: number;
  /** How often a server is ended with kill -9. */
  readonly kills: number;
  /** Prints progress. */
  readonly say: (what: string) => void;
};

/** The findings, and how often each thing happened. */
export type PaymentRunResult = { readonly findings: readonly string[]; readonly tally: ReadonlyMap<string, number> };

const USERS = 20;
/** How long a provider is away. */
const AWAY_MS = 4_000;
/** What staff has to know is an error in the log too, and is asked for here. */
const isForStaff = /see the review list|a payment is disputed/;
/** Of how many orders the money of one goes back. */
const REVERSED_NTH = 4;
/** A server lives for some seconds between two kills. */
const LIFE_MS = 2_000;

/**
 * Users buy packs at all providers while notices are lost, repeated, reordered and forged, providers are away and servers are
 * killed; then some of the money goes back in every way there is. Afterwards every order is compared with the books of its provider, and every balance with what was paid, to the
 * credit.
 */
export async function runPayments(run: PaymentRun): Promise<PaymentRunResult> {
  await using scratch = await scratchOn(run.kind);
  const random = randomFrom(run.seed);
  const replicas: Replica[] = [];
  await using relay = await startNoticeRelay(() => random.of(replicas).url);
  await using channels = await startChannels(relay.url);
  // A SQLite file has one server.
  const servers = run.kind === "sqlite" ? 1 : 2;
  for (let at = 0; at < servers; at += 1) replicas.push(new Replica(scratch.url, { env: channels.env }));
  return await underFaults(run, { url: scratch.url, replicas, channels: channels.all, random });
}

type Target = {
  readonly url: string;
  readonly replicas: readonly Replica[];
  readonly channels: readonly FakeChannel[];
  readonly random: Random;
};

async function underFaults(run: PaymentRun, { url, replicas, channels, random }: Target): Promise<PaymentRunResult> {
  const emails = await createUsers(url, USERS);
  await publishPacks(url);
  await Promise.all(replicas.map((replica) => replica.start()));
  const [first] = replicas;
  const [admin, ...users] = await logInUsers(first?.url ?? "", emails);
  if (!admin) throw new Error("no user was created");
  const reading: Reading = { url: () => random.of(replicas).url, admin };
  const before = new Map<string, number>();
  for (const user of users) before.set(user.email, await balanceOf(reading, user));

  const buyers = new Buyers({ users, channels, random, url: reading.url });
  const until: Until = { isOver: false };
  const faults = [
    ...replicas.map((replica) => killRepeatedly(replica, run.kills / replicas.length)),
    leave(channels, until),
  ];
  await buyers.buy(run.orders);
  run.say(`${buyers.orders.length} orders were placed`);
  until.isOver = true;
  await Promise.all(faults);
  run.say(`servers were ended with kill -9 ${replicas.reduce((sum, { kills }) => sum + kills, 0)} times`);

  const findings = [...buyers.findings, ...(await waitForCredits(reading, buyers.orders))];
  findings.push(...(await checkOrders(reading, buyers.orders)));
  const reversals = new Reversals(reading, random);
  // What only a notice tells of is asked for every ten minutes: no notice is lost for good any more.
  for (const { fake } of channels) fake.turn({ lose: 0, retries: 200 });
  const returning = reversals.reverse(buyers.orders, REVERSED_NTH);
  const more = Math.ceil(run.kills / replicas.length / 4);
  await Promise.all([returning, ...replicas.map((replica) => killRepeatedly(replica, replica.kills + more))]);
  findings.push(...reversals.findings, ...(await reversals.check()));
  for (const user of users) {
    const own = buyers.orders.filter((order) => order.user === user);
    const bought = own.reduce((sum, order) => sum + creditsOf(order), before.get(user.email) ?? 0);
    const expected = bought - reversals.takenOf(user);
    const balance = await balanceOf(reading, user);
    if (balance !== expected) findings.push(`${user.email} has ${balance} credits and paid for ${expected}`);
  }
  const logged = (await Promise.all(replicas.map((replica) => replica.stop()))).flat();
  findings.push(...logged.filter((line) => !isForStaff.test(line)), ...(await jifenAudit(url)));
  return { findings, tally: new Map([...buyers.tally, ...reversals.tally]) };
}

type Until = { isOver: boolean };

async function killRepeatedly(replica: Replica, kills: number): Promise<void> {
  while (replica.kills < kills) {
    await setTimeout(LIFE_MS * (0.25 + Math.random()));
    await replica.kill();
    await replica.start();
  }
}

/** Each provider is away twice: it answers with errors, then its answers are lost although it does what it was asked. */
async function leave(channels: readonly FakeChannel[], until: Until): Promise<void> {
  for (const answers of ["500", "reset"] as const) {
    for (const { fake } of channels) {
      if (until.isOver) return;
      fake.turn({ answers });
      await setTimeout(AWAY_MS);
      fake.turn({ answers: "normal" });
    }
  }
}
