import { type Api, type FreshDatabase, freePort, freshDatabase, startApi } from "@jifen/testkit";
import type { Page } from "@jifen/testkit/browser";
import { afterAll, expect, test } from "vitest";
import { describeConsole, emailOf } from "./console-browser.ts";

const lin = emailOf("lin");
let database: FreshDatabase;
/** Starts the server once more, at the same address, with the same database. */
let startAgain: () => Promise<Api>;

describeConsole(
  "a console whose server cannot be reached for a while",
  (getConsole) => {
    afterAll(() => database.drop());
    const bar = (page: Page) => page.getByText("Not connected to the server since");
    const balance = async () => (await getConsole().rest("lin", ["GET", "/credits/balance"]))["balance"] as number;
    const fillGrant = async (page: Page) => {
      await page.getByRole("button", { name: "Give credits" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel("Credits", { exact: true }).fill("4");
      await dialog.getByLabel("Reason").fill("typed before");
      return dialog;
    };

    test("without a network a bar says so, what was typed stays, and the act is done once when the network is back", async () => {
      const before = await balance();
      const page = await getConsole().open("finance", `/console/users/${lin}`);
      const dialog = await fillGrant(page);
      await page.context().setOffline(true);
      await dialog.getByRole("button", { name: "Give 4 credits" }).click();
      await dialog.getByText("the outcome is not known yet").waitFor();
      await bar(page).waitFor();
      await dialog.getByRole("listitem").filter({ hasText: "typed before" }).waitFor();
      await page.context().setOffline(false);
      await bar(page).waitFor({ state: "detached" });
      await dialog.getByRole("button", { name: "Try again" }).click();
      await page.getByRole("status").filter({ hasText: "Gave" }).waitFor();
      expect(await balance()).toBe(before + 4);
    });

    test("while the server restarts, rows and typed text stay, and the page is up to date when it is back", async () => {
      const page = await getConsole().open("finance", `/console/users/${lin}`);
      await page.locator("tr[data-row]").first().waitFor();
      const dialog = await fillGrant(page);
      await getConsole().api.stop();
      // Coming back to the tab reads the page again.
      await page.evaluate(() => dispatchEvent(new Event("visibilitychange")));
      await bar(page).waitFor();
      expect(await page.locator("tr[data-row]").count()).toBeGreaterThan(0);
      // The page must not reach the server before the grant: it reads everything again when it does.
      await page.context().setOffline(true);
      await startAgain();
      const grant = { amount: 3, reason: "while it was away" };
      await getConsole().rest("admin", ["POST", `/admin/users/${lin}/grants`, grant]);
      await page.context().setOffline(false);
      await bar(page).waitFor({ state: "detached" });
      await page.getByRole("row").filter({ hasText: "while it was away" }).waitFor();
      expect(await dialog.getByLabel("Reason").inputValue()).toBe("typed before");
      await dialog.getByRole("button", { name: "Give 4 credits" }).click();
      await page.getByRole("status").filter({ hasText: "Gave 4 credits" }).waitFor();
    });

    test("an old tab after an upgrade reloads once, and opens the page that it was asked for", async () => {
      const page = await getConsole().open("admin", "/console/users");
      let loads = 0;
      page.on("load", () => {
        loads += 1;
      });
      // The new version has no chunk of this name.
      await page.route(/assets\/audit-page-/, (route) =>
        loads === 0 ? route.fulfill({ status: 404, body: "{}", contentType: "application/json" }) : route.fallback(),
      );
      await page.getByRole("link", { name: "Audit log" }).click();
      await page.getByRole("heading", { level: 1, name: "Audit log" }).waitFor();
      expect(loads).toBe(1);
    });

    test("a chunk that is missing after a reload as well is shown as an error, and the page stops reloading", async () => {
      const page = await getConsole().open("admin", "/console/users");
      let loads = 0;
      page.on("load", () => {
        loads += 1;
      });
      await page.route(/assets\/audit-page-/, (route) => route.fulfill({ status: 404, body: "" }));
      await page.getByRole("link", { name: "Audit log" }).click();
      await page.getByRole("alert").filter({ hasText: "This page failed" }).waitFor();
      await page.getByRole("button", { name: "Reload" }).waitFor();
      // The router reloads once by itself as well.
      expect(loads).toBeLessThanOrEqual(2);
    });

    test("a log-out in one tab ends the other one, and the back button shows nothing of the account", async () => {
      const page = await getConsole().open("lin", "/account");
      const other = await page.context().newPage();
      await other.goto(`${getConsole().url}/account/history`);
      await other.getByRole("heading", { level: 1, name: "History" }).waitFor();
      await page.locator("summary[aria-label^='Account menu']").click();
      await page.getByRole("button", { name: "Log out" }).click();
      await page.waitForURL(/\/login/);
      await other.evaluate(() => dispatchEvent(new Event("visibilitychange")));
      await other.waitForURL(/\/login/);
      const bodies: Promise<string>[] = [];
      page.on("response", (response) => bodies.push(response.text().catch(() => "")));
      await page.goBack();
      await page.waitForURL(/\/login\?to=/);
      expect((await Promise.all(bodies)).filter((body) => body.includes(lin))).toEqual([]);
      expect(await page.locator("body").textContent()).not.toContain(lin);
    });
  },
  async (env) => {
    database = await freshDatabase("sqlite");
    const port = String(await freePort());
    const all = { ...env, PORT: port, JWT_SECRET: "secret-of-both-starts-".repeat(2) };
    startAgain = () => startApi({ databaseUrl: database.url, env: all });
    const api = await startAgain();
    return { api, url: api.url };
  },
);
