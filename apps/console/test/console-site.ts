import { DatabaseSync } from "node:sqlite";
import { type Api, callRest, freshDatabase, type RestAnswer, startApi } from "@jifen/testkit";
import type { Browser, Page } from "@jifen/testkit/browser";
import { type FakeGateway, startEpay, startStripe } from "@jifen/testkit/gateways";
import { timeLimit } from "@jifen/testkit/time-limit";
import { expect } from "vitest";

/** The people of these tests. */
export const emails = {
  user: "user@example.com",
  support: "support@example.com",
  admin: "admin@example.com",
} as const;
type Person = keyof typeof emails;

const password = "password123";
const title = { zh: "100 积分", en: "100 credits" };
const pack = { id: "p100", title, credits: 100, bonusCredits: 10, prices: [{ currency: "CNY", minor: 990 }] };

/** The console of a server that sells a pack through fakes of Stripe and epay. */
export type ConsoleSite = AsyncDisposable & {
  readonly api: Api;
  readonly stripe: FakeGateway;
  readonly epay: FakeGateway;
  /** What broke the content security policy of a page so far. */
  readonly violations: readonly string[];
  get(as: Person, path: string): Promise<RestAnswer["body"]>;
  post(as: Person, path: string, body: object): Promise<RestAnswer["body"]>;
  balance(): Promise<number>;
  /** An order of the user that was paid. @returns its id, when the payment is recorded */
  paid(channel: "stripe" | "epay", act: "pay" | "pay-less"): Promise<string>;
  /** A page of a person who has logged in, in Chinese. */
  login(as: Person): Promise<Page>;
};

/** Starts the fakes, and the server with a catalogue in force, for pages of this browser. */
export async function startConsole(browser: Browser): Promise<ConsoleSite> {
  const [database, stripe, epay] = await Promise.all([freshDatabase("sqlite"), startStripe(), startEpay()]);
  const api = await startApi({
    databaseUrl: database.url,
    env: {
      ...{ ...stripe.settings, ...epay.settings, STRIPE_CURRENCIES: "CNY", WEBHOOK_ALLOW: "127.0.0.1" },
      ...{ ADMIN_EMAILS: emails.admin, RATE_LIMIT_ORDERS: "off", RATE_LIMIT_WEBHOOKS: "off" },
      USER_WHITELIST: Object.values(emails)
        .map((email) => `${email}:${password}`)
        .join(","),
    },
  });
  stripe.turn({ notifyUrl: `${api.url}/payments/stripe/notify` });
  const tokens = new Map<Person, string>();
  for (const [person, email] of Object.entries(emails)) {
    const { body } = await callRest(api.url, "POST", "/auth/login", { body: { email, password } });
    tokens.set(person as Person, body.token);
  }
  const call = async (as: Person, path: string, body?: object) => {
    const answer = await callRest(api.url, body ? "POST" : "GET", path, {
      ...{ token: `${tokens.get(as)}`, ...(body && { body }) },
    });
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return answer.body;
  };
  await call("admin", `/admin/users/${emails.support}/role`, { role: "support", reason: "test" });
  const { version } = await call("admin", "/admin/catalogues", { document: { packs: [pack] } });
  await call("admin", `/admin/catalogues/${version}/publish`, { reason: "test" });
  beginNow(database.url);
  const violations: string[] = [];
  return {
    ...{ api, stripe, epay, violations, get: call, post: call },
    balance: async () => (await call("user", "/credits/balance")).balance,
    paid: async (channel, act) => {
      const { orderId, pay } = await call("user", "/orders", { packId: "p100", channel });
      await (await fetch(pay.text, { redirect: "follow" })).text();
      (channel === "stripe" ? stripe : epay).act(orderId, act);
      await expect
        .poll(async () => (await call("admin", `/admin/orders/${orderId}`)).payments[0]?.state, {
          timeout: timeLimit(40),
        })
        .toBe(act === "pay" ? "credited" : "review");
      return orderId;
    },
    login: async (as) => {
      const context = await browser.newContext({ locale: "zh-CN", viewport: { width: 1440, height: 900 } });
      const page = await context.newPage();
      page.setDefaultTimeout(timeLimit(30));
      page.on("console", (message) => {
        if (message.text().includes("Content Security Policy")) violations.push(message.text());
      });
      await page.goto(`${api.url}/login?to=/console`);
      await page.locator("input[name=email]").fill(emails[as]);
      await page.locator("input[name=password]").fill(password);
      await page.locator("button[type=submit], form button").last().click();
      await page.getByRole("heading", { level: 1, name: "概览" }).waitFor();
      return page;
    },
    [Symbol.asyncDispose]: async () => {
      await api.stop();
      await Promise.all([stripe, epay].map((fake) => fake[Symbol.asyncDispose]()));
      await database.drop();
    },
  };
}

/** A catalogue is in force a minute after it was published: this one since long. */
function beginNow(databaseUrl: string): void {
  const store = new DatabaseSync(databaseUrl.replace(/^file:/, ""));
  // The running server writes in the background.
  store.exec("PRAGMA busy_timeout = 5000");
  store.exec("UPDATE catalogues SET effective_from_ms = 1");
  store.close();
}
