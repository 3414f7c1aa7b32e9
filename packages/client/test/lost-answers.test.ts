import { type Api, callRest, freshDatabase, startApi } from "@jifen/testkit";
import { describeInBrowser } from "@jifen/testkit/browser";
import { timeLimit } from "@jifen/testkit/time-limit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { publishCatalogue } from "../../../apps/web/test/catalogue.ts";
import { type ComponentsSite, startComponentsSite } from "./components-site.ts";

const password = "password123";
const [user, staff] = ["user@example.com", "staff@example.com"];

describeInBrowser("a press whose answer was lost, on a page, with a real server", (getBrowser) => {
  const tokens = new Map<string, string>();
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let api: Api;
  let site: ComponentsSite;
  let page: Page;

  beforeAll(async () => {
    database = await freshDatabase("sqlite");
    const whitelist = [user, staff].map((email) => `${email}:${password}`).join(",");
    api = await startApi({ databaseUrl: database.url, env: { USER_WHITELIST: whitelist, ADMIN_EMAILS: staff } });
    for (const email of [user, staff]) {
      tokens.set(email, (await callRest(api.url, "POST", "/auth/login", { body: { email, password } })).body.token);
    }
    await publishCatalogue(database.url, (path, body) => post(staff, path, body));
    site = await startComponentsSite(api.url, tokens);
    page = await getBrowser().newPage();
    page.setDefaultTimeout(timeLimit(20));
    await page.context().addCookies([{ name: "user", value: encodeURIComponent(user), url: site.url }]);
  });
  afterAll(async () => {
    await site?.[Symbol.asyncDispose]();
    await api?.stop();
    await database?.drop();
  });

  const post = async (email: string, path: string, body: object) => {
    const answer = await callRest(api.url, "POST", path, { token: tokens.get(email) ?? "", body });
    expect(answer).toMatchObject({ status: 200 });
    return answer.body;
  };
  const get = async (path: string) => (await callRest(api.url, "GET", path, { token: tokens.get(user) ?? "" })).body;
  const shows = (balance: number) =>
    page
      .getByRole("region", { name: "Available credits" })
      .getByRole("strong")
      .filter({ hasText: new RegExp(`^${balance}$`) })
      .waitFor();
  const pay = () => page.getByRole("button", { name: "Generate · 60 credits" }).click();
  const charges = async () => (await get("/credits/transactions?kind=consume&limit=100")).items.length;
  /** Opens the page with 300 credits. */
  const open300 = async () => {
    const { balance } = await get("/credits/balance");
    if (balance > 0) await post(user, "/credits/consume", { amount: balance, action: "other" });
    await post(staff, `/admin/users/${user}/grants`, { amount: 300, reason: "test" });
    await page.goto(`${site.url}/?user=${encodeURIComponent(user)}`);
    await shows(300);
  };
  const lose = () =>
    page.route("**/charge", async (route) => {
      await route.fetch();
      await route.abort();
    });

  test.each(["UNAUTHENTICATED", "RATE_LIMITED", "IDEMPOTENCY_KEY_REUSED", "INTERNAL_ERROR"])(
    "a press whose answer was lost keeps its key when the next attempt is refused with %s",
    async (code) => {
      await open300();
      const before = await charges();
      await lose();
      await pay();
      await page.getByText("No result has arrived").waitFor();
      await page.unroute("**/charge");
      await page.route("**/charge", (route) =>
        route.fulfill({ json: { ok: false, error: { code, message: "refused", details: {} } } }),
      );
      const refused = page.waitForResponse("**/charge");
      await page.getByRole("button", { name: "Try again" }).click();
      await refused;
      await page.getByText("Working…").waitFor({ state: "hidden" });
      await page.unroute("**/charge");
      await pay();
      await page.getByText("Balance of the answer: 240").waitFor();
      expect(await charges()).toBe(before + 1);
      await pay();
      await page.getByText("Balance of the answer: 180").waitFor();
      expect(await charges()).toBe(before + 2);
    },
  );

  test("a press whose answer was lost is the same charge after a reload of the page", async () => {
    await open300();
    const before = await charges();
    await lose();
    await pay();
    await page.getByText("No result has arrived").waitFor();
    await page.unroute("**/charge");
    await page.reload();
    await shows(240);
    await pay();
    await page.getByText("Balance of the answer: 240").waitFor();
    expect(await charges()).toBe(before + 1);
  });

  test("a press at a quoted price whose answer was lost is the same charge with a newer quote", async () => {
    await open300();
    const before = await charges();
    const quote = () => page.getByText(/^Quote until \d/).textContent();
    const press = () => page.getByRole("button", { name: "Generate by quote · 10 credits" }).click();
    await press();
    await shows(290);
    await lose();
    const first = await quote();
    await press();
    await page.getByText("No result has arrived").waitFor();
    await shows(280);
    expect(await quote()).toBe(first);
    await page.unroute("**/charge");
    // Two quotes of one second are the same.
    await page.waitForTimeout(1_100);
    await page.reload();
    await expect.poll(quote).not.toBe(first);
    await press();
    await page.getByText("Working…").waitFor({ state: "hidden" });
    await shows(280);
    expect(await charges()).toBe(before + 2);
    await press();
    await shows(270);
  });

  test("a press whose quote has expired keeps its key, and is sent with the next quote", async () => {
    await open300();
    const before = await charges();
    const sent: { quote: string; idempotencyKey: string }[] = [];
    await page.route("**/charge", async (route) => {
      sent.push(route.request().postDataJSON());
      if (sent.length === 1) {
        const error = { code: "QUOTE_EXPIRED", message: "refused", details: {} };
        return route.fulfill({ json: { ok: false, error } });
      }
      if (sent.length > 2) return route.continue();
      // The answer of the second attempt is lost: the third one repeats it, with its quote.
      await route.fetch();
      return route.abort();
    });
    const press = () => page.getByRole("button", { name: "Generate by quote · 10 credits" }).click();
    const quote = () => page.getByText(/^Quote until \d/).textContent();
    const first = await quote();
    // Two quotes of one second are the same.
    await page.waitForTimeout(1_100);
    await press();
    await page.getByText("The quote has expired").waitFor();
    await expect.poll(quote).not.toBe(first);
    await press();
    await page.getByText("No result has arrived").waitFor();
    await press();
    await page.getByText("No result has arrived").waitFor({ state: "hidden" });
    await page.getByText("Working…").waitFor({ state: "hidden" });
    await page.unroute("**/charge");
    expect(new Set(sent.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect(sent[1]?.quote).not.toBe(sent[0]?.quote);
    expect(sent[2]?.quote).toBe(sent[1]?.quote);
    await shows(290);
    expect(await charges()).toBe(before + 1);
  });
});
