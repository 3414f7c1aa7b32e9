import { type Api, callRest, freshDatabase, startApi } from "@jifen/testkit";
import { accessibilityViolations, describeInBrowser } from "@jifen/testkit/browser";
import { timeLimit } from "@jifen/testkit/time-limit";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { publishCatalogue } from "../../../apps/web/test/catalogue.ts";
import { type ComponentsSite, startComponentsSite } from "./components-site.ts";

const password = "password123";
const [user, second, staff] = ["user@example.com", "second@example.com", "staff@example.com"];

describeInBrowser("hooks and components on a page, with a real server", (getBrowser) => {
  const tokens = new Map<string, string>();
  const problems: string[] = [];
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let api: Api;
  let site: ComponentsSite;
  let page: Page;

  beforeAll(async () => {
    database = await freshDatabase("sqlite");
    const whitelist = [user, second, staff].map((email) => `${email}:${password}`).join(",");
    api = await startApi({
      databaseUrl: database.url,
      env: { USER_WHITELIST: whitelist, ADMIN_EMAILS: staff, PAY_DEMO: "on", USER_KEYS: "on" },
    });
    for (const email of [user, second, staff]) {
      tokens.set(email, (await callRest(api.url, "POST", "/auth/login", { body: { email, password } })).body.token);
    }
    await publishCatalogue(database.url, (path, body) => post(staff, path, body));
    site = await startComponentsSite(api.url, tokens);
    page = await getBrowser().newPage({ viewport: { width: 320, height: 800 } });
    page.setDefaultTimeout(timeLimit(20));
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("console", (message) => {
      if (message.text().includes("Content Security Policy")) problems.push(message.text());
    });
    await open(user);
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
  const get = async (email: string, path: string) =>
    (await callRest(api.url, "GET", path, { token: tokens.get(email) ?? "" })).body;
  const open = async (email: string, parameters = "") => {
    await page.context().addCookies([{ name: "user", value: encodeURIComponent(email), url: site.url }]);
    await page.goto(`${site.url}/?user=${encodeURIComponent(email)}${parameters}`);
  };
  const card = () => page.getByRole("region", { name: "Available credits" }).getByRole("strong");
  const shows = (balance: number) =>
    card()
      .filter({ hasText: new RegExp(`^${balance}$`) })
      .waitFor();
  const pay = () => page.getByRole("button", { name: "Generate · 60 credits" }).click();
  const charges = async () => (await get(user, "/credits/transactions?kind=consume")).items.length;

  test("the components show the account of the user: balance, history, grants, statements", async () => {
    await shows(100);
    await page.getByText("100 credits", { exact: true }).waitFor();
    await page.getByRole("table", { name: "History of credits" }).getByText("+100").waitFor();
    await page.getByText("100 of 100 left").waitFor();
    await page.getByText("Affords 50: true").waitFor();
    await page.getByText("Quote: 10").waitFor();
    await page.getByText(new Date().toISOString().slice(0, 7)).click();
    await page.getByRole("row", { name: "After the month 100" }).waitFor();
  });

  test("a press whose answer is lost can be repeated, and charges once", async () => {
    await page.route("**/charge", async (route) => {
      await route.fetch();
      await route.abort();
    });
    await pay();
    await page.getByText("No result has arrived").waitFor();
    // The number is that of the server, which has charged.
    await shows(40);
    await page.unroute("**/charge");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByText("Balance of the answer: 40").waitFor();
    expect(await charges()).toBe(1);
  });

  test("pressing the button again after a lost answer, on a page that was left, is the same charge", async () => {
    await post(staff, `/admin/users/${user}/grants`, { amount: 60, reason: "test" });
    await open(user);
    await shows(100);
    await page.route("**/charge", async (route) => {
      await route.fetch();
      await route.abort();
    });
    await pay();
    await page.getByText("No result has arrived").waitFor();
    await page.unroute("**/charge");
    await page.getByRole("button", { name: "Mount again" }).click();
    expect(await page.getByText("No result has arrived").count()).toBe(0);
    await pay();
    await page.getByText("Balance of the answer: 40").waitFor();
    expect(await charges()).toBe(2);
  });

  test("pressing twice while the answer hangs charges once", async () => {
    await post(staff, `/admin/users/${user}/grants`, { amount: 60, reason: "test" });
    await open(user);
    await shows(100);
    let calls = 0;
    await page.route("**/charge", async (route) => {
      calls += 1;
      await new Promise((resolve) => setTimeout(resolve, 500));
      await route.continue();
    });
    await page.getByRole("button", { name: "Generate · 60 credits" }).dblclick();
    await page.getByText("Balance of the answer: 40").waitFor();
    await page.unroute("**/charge");
    expect({ calls, charges: await charges() }).toEqual({ calls: 1, charges: 3 });
  });

  test("the explanation of a charge names what was charged and of which grants", async () => {
    const explanation = page.getByRole("region", { name: "Why this happened" });
    await explanation.getByText("video").waitFor();
    await explanation.getByText("60", { exact: true }).waitFor();
  });

  test("too few credits open the paywall, which sells them, and the next press is charged", async () => {
    await page.getByText("Only 40 credits are left").waitFor();
    await pay();
    const paywall = page.getByRole("dialog", { name: "Not enough credits" });
    await paywall.getByText("20 credits are missing").waitFor();
    expect(await accessibilityViolations(page)).toEqual([]);
    await paywall.getByLabel("Demo payment, QR code").check();
    await paywall.getByRole("button", { name: /^Pay ¥9.90/ }).click();
    const link = paywall.getByRole("link", { name: "Open the payment page" });
    const provider = await getBrowser().newPage();
    await provider.goto((await link.getAttribute("href")) ?? "");
    await provider
      .getByRole("button", { name: /^Pay( |$)/ })
      .first()
      .click();
    await provider.close();
    await paywall.getByText("The credits are ready to use.").waitFor();
    await paywall.getByRole("button", { name: "Done" }).click();
    await shows(150);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("Generate");
    await pay();
    await shows(90);
    expect(await charges()).toBe(4);
  });

  test("the chart shows what was spent today, in its table too", async () => {
    await page.getByText("240 credits were spent in the last 7 days").waitFor();
    await page.getByText("Show as a table").click();
    expect(await page.getByRole("table", { name: "Usage by day" }).getByRole("row").last().textContent()).toMatch(
      /240$/,
    );
  });

  test("a page cannot charge by itself unless the handler allows it: the refusal is shown, nothing is rejected", async () => {
    await page.getByRole("button", { name: "Consume" }).click();
    await page.getByText("Consume: NOT_FOUND").waitFor();
    await shows(90);
  });

  test("a code is redeemed, and a wrong one is a message", async () => {
    const batch = { name: "Spring", credits: 10, codes: 1, reason: "test" };
    const [code] = (await post(staff, "/admin/codes/batches", batch)).codes;
    const field = page.getByRole("textbox", { name: "Code", exact: true });
    await field.fill("K7WQ2-9XH4M-0BTRC-5E8NZ");
    await page.getByRole("button", { name: "Redeem" }).click();
    await page.getByRole("alert").waitFor();
    await field.fill(code);
    await page.keyboard.press("Enter");
    await page.getByText("10 credits redeemed. Your balance: 100 credits.").waitFor();
    await shows(100);
  });

  test("a key is created, shown once, rotated, and revoked by a second press", async () => {
    const keys = page.getByRole("region", { name: "Service keys" });
    await keys.getByLabel("Name of the new key").fill("worker");
    await keys.getByRole("button", { name: "Create a key" }).click();
    const secret =
      (await keys
        .getByRole("status")
        .getByText(/^jf_live_/)
        .textContent()) ?? "";
    expect((await callRest(api.url, "GET", "/credits/balance", { token: secret })).body.balance).toBe(100);
    await keys.getByRole("button", { name: "Rotate worker" }).click();
    await expect
      .poll(() =>
        keys
          .getByRole("status")
          .getByText(/^jf_live_/)
          .textContent(),
      )
      .not.toBe(secret);
    await keys.getByRole("button", { name: "Revoke worker" }).click();
    await keys.getByRole("button", { name: "Confirm: revoke worker" }).click();
    await keys.getByText("revoked").waitFor();
    expect((await callRest(api.url, "GET", "/credits/balance", { token: secret })).status).toBe(401);
    await page.reload();
    expect(await keys.getByText(secret).count()).toBe(0);
  });

  test("another user of the same page sees nothing of the user before", async () => {
    await open(user);
    await shows(100);
    await post(second, "/credits/consume", { amount: 1, action: "video" });
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route("**/api/jifen/**", async (route) => {
      await held;
      await route.continue();
    });
    await page.getByRole("button", { name: "Another user" }).click();
    await page.getByRole("heading", { name: second }).waitFor();
    expect(await card().textContent()).toBe("…");
    expect(await page.getByRole("table", { name: "History of credits" }).getByRole("row").count()).toBe(2);
    release();
    await shows(99);
    await page.unroute("**/api/jifen/**");
  });

  test("a visitor without a session sees a message instead of numbers", async () => {
    await open("unknown@example.com");
    await page.getByText("A valid bearer token is required").first().waitFor();
    expect(await card().textContent()).toBe("…");
  });

  test.each(["zh", "en"])(
    "the components in %s have no accessibility violation, and fit into 320 px",
    async (language) => {
      await open(user, `&language=${language}`);
      await page.getByText(language === "zh" ? "100 积分" : "100 credits", { exact: true }).waitFor();
      for (const colorScheme of ["dark", "light"] as const) {
        await page.emulateMedia({ colorScheme });
        expect(await accessibilityViolations(page)).toEqual([]);
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(
        0,
      );
      const text = (await page.locator("main").textContent()) ?? "";
      if (language === "en") expect(text).not.toMatch(/\p{Script=Han}/u);
    },
  );

  test("no page had an unhandled error, or was refused a script or a style by a strict policy", () => {
    expect(problems).toEqual([]);
  });
});
