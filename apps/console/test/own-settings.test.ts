import { accessibilityViolations, layoutFlaws } from "@jifen/testkit/browser";
import { expect, test } from "vitest";
import { describeConsole } from "./console-browser.ts";

describeConsole("settings of the person and of the installation", (getConsole) => {
  test("the security page lists the last log-ins, and a chosen language and time zone are kept", async () => {
    const page = await getConsole().open("lin", "/account/security");
    const table = page.getByRole("table", { name: "Log-ins, newest first" });
    await table.getByText("Log-in page").first().waitFor();
    await page.getByLabel("Time zone", { exact: true }).selectOption("Asia/Shanghai");
    await page.getByLabel("Language", { exact: true }).selectOption("zh");
    await page.getByRole("button", { name: "Save language and time zone" }).click();
    await page.getByRole("heading", { name: "账号" }).waitFor();
    expect(await getConsole().rest("lin", ["GET", "/auth/preferences"])).toEqual({
      language: "zh",
      timeZone: "Asia/Shanghai",
    });
    const usage = page.waitForRequest((request) => request.url().includes("/trpc/credits.usage"));
    await page.goto(`${getConsole().api.url}/account/usage`);
    expect(decodeURIComponent((await usage).url())).toContain('"tz":"Asia/Shanghai"');
    // A browser in English, in which the user logs in for the first time.
    const elsewhere = await getConsole().open("lin", "/account/security");
    await elsewhere.getByRole("heading", { name: "账号" }).waitFor();
    await elsewhere.getByLabel("语言", { exact: true }).selectOption("");
    await elsewhere.getByLabel("时区", { exact: true }).selectOption("");
    await elsewhere.getByRole("button", { name: "保存语言和时区" }).click();
    await expect
      .poll(() => getConsole().rest("lin", ["GET", "/auth/preferences"]))
      .toEqual({ language: null, timeZone: null });
    expect(getConsole().faults).toEqual([]);
  });

  test("a key is renamed and loses a scope in its dialog, which offers only the scopes that it has", async () => {
    await getConsole().rest("admin", ["POST", "/keys", { name: "worker", scopes: ["credits:read", "logs:read"] }]);
    const page = await getConsole().open("admin", "/console/keys");
    await page.getByRole("button", { name: "Change", exact: true }).first().click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.getByRole("checkbox").count()).toBe(2);
    expect(await accessibilityViolations(page, "every")).toEqual([]);
    await dialog.getByLabel("Name").fill("reader");
    await dialog.getByRole("checkbox", { name: "Read the call log" }).uncheck();
    await dialog.getByRole("button", { name: "Change", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    const { items } = (await getConsole().rest("admin", ["GET", "/keys"])) as { items: Record<string, unknown>[] };
    expect(items[0]).toMatchObject({ name: "reader", scopes: ["credits:read"] });
    expect(getConsole().faults).toEqual([]);
  });

  test("without a mail server the system page says what to set, and offers no test e-mail", async () => {
    const page = await getConsole().open("admin", "/console/system", { width: 390 });
    await page.getByText("Set SMTP_URL and MAIL_FROM").waitFor();
    expect(await page.getByRole("button", { name: "Send a test e-mail" }).isDisabled()).toBe(true);
    expect((await layoutFlaws(page)).overflow).toBeLessThanOrEqual(0);
  });
});
