import { type Outcome, ok, refuse } from "@jifen/core";
import type { Database } from "@jifen/database";
import { openGateways } from "@jifen/gateways";
import type { Settings } from "../../../settings/settings.ts";
import { writeCalls } from "../calls.ts";
import { takeDemoLease } from "../demo-lease.ts";
import { placeHold, runJob } from "../jobs.ts";
import { type Account, type Customer, createPeople, DEMO_DOMAIN, planCustomers } from "../people.ts";
import { jobsOn, timeOn } from "../rhythm.ts";
import { planShop } from "../shop.ts";
import { planSpecialOrders } from "../top-ups.ts";
import { DAYS, type DemoOptions, openWorld, type World } from "../world.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Customers who only buy, and those whose jobs are running at the end. */
const [BUYERS, RUNNING] = [5, 4];

/** Why there is no demonstration. */
type DemoRefusal = { readonly code: "PRODUCTION" | "REAL_MONEY" | "HAS_USERS" | "HAS_DEMO" | "IN_USE" | "LEASE_LOST" };

/** What was made. */
export type Demo = { readonly accounts: readonly Account[]; readonly customers: number; readonly logs: number };

/**
 * Fills an empty database with the history of a shop. Every act runs through the use case by which the server does it, in the
 * order of time and by a clock of the past, so that the ledger, orders and codes are as a server would have left them.
 * Refuses, in this order: PRODUCTION, REAL_MONEY, HAS_USERS, HAS_DEMO, IN_USE (a server runs), LEASE_LOST (one was started
 * meanwhile; the history is not complete).
 */
export async function makeDemo(
  database: Database,
  settings: Settings,
  options: DemoOptions,
): Promise<Outcome<Demo, DemoRefusal>> {
  const code = await findSettingsRefusal(settings);
  if (code !== undefined) return refuse({ code });
  const [anyUser] = await database.users.ids(undefined, 1);
  if (anyUser !== undefined) return refuse({ code: anyUser.endsWith(DEMO_DOMAIN) ? "HAS_DEMO" : "HAS_USERS" });
  const lease = await takeDemoLease(database.leases, Date.now);
  if (lease === undefined) return refuse({ code: "IN_USE" });
  const world = await openWorld(database, settings, options);
  try {
    const customers = planCustomers(world);
    const accounts = await createPeople(world, customers);
    planShop(world, customers);
    planJobs(world, customers);
    if (!(await world.agenda.run(world.untilMs, lease.keep))) return refuse({ code: "LEASE_LOST" });
    await writeCalls(world);
    return ok({ accounts, customers: customers.length, logs: world.logs.length });
  } finally {
    await world.close();
    await lease.release();
  }
}

/** Why there is no demonstration with these settings: its purchases, which cost nothing, must not stand beside real ones. */
export async function findSettingsRefusal(settings: Settings): Promise<"PRODUCTION" | "REAL_MONEY" | undefined> {
  if (settings.isProduction) return "PRODUCTION";
  const { stripe, alipay, wechatpay, epay } = settings;
  const gateways = await openGateways({ stripe, alipay, wechatpay, epay });
  return [...gateways.values()].some(({ live }) => live) ? "REAL_MONEY" : undefined;
}

function planJobs(world: World, customers: readonly Customer[]): void {
  const { agenda, random, startMs, untilMs } = world;
  const [buyers, busy] = [customers.slice(-BUYERS), customers.slice(0, -BUYERS)];
  planSpecialOrders(world, buyers);
  for (const customer of busy) {
    // The calendar day in which the history ends is one more.
    for (let day = 0; day <= DAYS; day += 1) {
      const dayMs = startMs + day * DAY_MS;
      for (let job = jobsOn(dayMs, customer.jobsPerDay, random); job > 0; job -= 1) {
        const atMs = timeOn(dayMs, random);
        // The last minutes are left to the jobs that run.
        const isInTime = atMs > Math.max(customer.joinedAtMs, startMs + DAY_MS) && atMs < untilMs - 30 * MINUTE_MS;
        if (isInTime) agenda.add(atMs, () => runJob(world, customer));
      }
    }
  }
  for (const [at, customer] of busy.slice(-RUNNING).entries()) {
    agenda.add(untilMs - (at + 1) * MINUTE_MS, () => placeHold(world, customer, DAY_MS / 1_000));
  }
}
