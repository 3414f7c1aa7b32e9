import { timeLimit } from "@jifen/testkit/time-limit";
import { expect, test } from "vitest";
import { describeConsole, emailOf, type Person } from "./console-browser.ts";

/** Every page of the console, and who can see it. */
const pages: readonly { readonly path: string; readonly people: readonly Person[] }[] = [
  { path: "/console", people: ["support", "finance", "admin"] },
  { path: "/console/users", people: ["support", "finance", "admin"] },
  { path: `/console/users/${emailOf("lin")}`, people: ["support", "finance", "admin"] },
  { path: "/console/users/new", people: ["admin"] },
  { path: "/console/users/give", people: ["finance", "admin"] },
  { path: "/console/logs", people: ["support", "finance", "admin"] },
  { path: "/console/keys", people: ["admin"] },
  { path: "/console/audit", people: ["admin"] },
  { path: "/console/holds", people: ["support", "finance", "admin"] },
  { path: "/console/orders", people: ["support", "finance", "admin"] },
  { path: "/console/reviews", people: ["finance", "admin"] },
  { path: "/console/prices", people: ["finance", "admin"] },
  { path: "/console/codes", people: ["finance", "admin"] },
  { path: "/console/webhooks", people: ["admin"] },
  { path: "/console/system", people: ["admin"] },
];

describeConsole("who can see which page of the console", (getConsole) => {
  for (const person of ["support", "finance", "admin"] as const) {
    test(`${person} sees the pages of the role, and for others which role can, without a request for their data`, {
      timeout: timeLimit(120),
    }, async () => {
      const page = await getConsole().open(person, "/console/users");
      for (const { path, people } of pages) {
        const refused: string[] = [];
        // Calls share a request: the status of a refused one is in the body.
        page.on("response", async (response) => {
          const isCall = response.url().includes("/trpc/");
          const text = isCall ? await response.text().catch(() => "") : "";
          if (response.status() === 403 || text.includes('"FORBIDDEN"')) refused.push(response.url());
        });
        await page.goto(`${getConsole().api.url}${path}`);
        await page.locator("h1").waitFor();
        await page.waitForLoadState("networkidle");
        const isForbidden = (await page.locator("h1").textContent()) === "Not allowed";
        expect({ path, isForbidden, refused }).toEqual({ path, isForbidden: !people.includes(person), refused: [] });
        page.removeAllListeners("response");
      }
    });
  }

  test("a user who opens the console is sent to the account pages", async () => {
    const page = await getConsole().open("lin", "/console/users");
    await page.waitForURL(/\/account/);
    expect(await page.locator("h1").count()).toBe(1);
  });

  test("a visitor who opens a page is sent to the login page, which leads back to it", async () => {
    const page = await getConsole().open("support", "/console/logs?result=failure", { isLoggedOut: true });
    await page.waitForURL(/\/login/);
    expect(new URL(page.url()).searchParams.get("to")).toBe("/console/logs?result=failure");
  });

  test("a tab does nothing as the user who logged in in another tab, and shows the data of that user after a reload", async () => {
    const page = await getConsole().open("lin", "/account");
    const { url } = getConsole().api;
    const sent: (string | undefined)[] = [];
    page.on("request", (request) => {
      if (request.url().includes("/trpc/")) sent.push(request.headers()["x-user-id"]);
    });
    const form = { email: emailOf("support"), password: "password-of-support" };
    expect((await page.request.post(`${url}/login`, { form, maxRedirects: 0 })).status()).toBe(303);
    const reloaded = page.waitForEvent("load");
    await page.evaluate(() => dispatchEvent(new Event("visibilitychange")));
    await reloaded;
    await page.locator("summary", { hasText: "support" }).waitFor();
    expect(sent[0]).toBe(emailOf("lin"));
  });

  test("a page that the back button brings back is read again", async () => {
    const page = await getConsole().open("lin", "/account");
    const reloaded = page.waitForEvent("load");
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
    await reloaded;
  });

  test("a session that ends in another tab ends here at the next request", async () => {
    const page = await getConsole().open("support", "/console/users");
    await getConsole().rest("admin", [
      "POST",
      `/admin/users/${emailOf("support")}/sessions/revoke`,
      { reason: "test" },
    ]);
    await page.getByRole("link", { name: "Call log" }).click();
    await page.waitForURL(/\/login/, { timeout: timeLimit(30) });
  });
});
