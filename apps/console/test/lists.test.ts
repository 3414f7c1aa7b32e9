import { timeLimit } from "@jifen/testkit/time-limit";
import { expect, test } from "vitest";
import { describeConsole, emailOf } from "./console-browser.ts";

describeConsole("the lists of the console", (getConsole) => {
  test("a list whose filters hide everything names them with their values, and clears them", async () => {
    const { open, rest } = getConsole();
    const log = { userId: emailOf("lin"), action: "there", details: {}, success: true };
    await rest("lin", ["POST", "/logs/create", { ...log, timestamp: new Date().toISOString() }]);
    const page = await open("support", "/console/logs?action=not-there&result=failure&from=2026-01-02");
    await page.getByText("Nothing matches these filters").waitFor();
    expect(await page.getByRole("main").getByRole("listitem").allInnerTexts()).toEqual([
      "Action: not-there",
      "Result: Failed",
      "From: 01/02/2026",
    ]);
    await page.getByRole("button", { name: "Clear filters" }).click();
    await page.getByRole("link", { name: "there" }).waitFor();
    expect(new URL(page.url()).search).toBe("");
    expect(await page.getByLabel("Action").inputValue()).toBe("");
  });

  test("the filters of every list have labels that can be seen", { timeout: timeLimit(120) }, async () => {
    const page = await getConsole().open("admin", "/console/users");
    for (const path of ["users", "logs", "orders", "reviews", "holds", "keys", "audit"]) {
      await page.goto(`${getConsole().api.url}/console/${path}`);
      await page.getByRole("search").first().waitFor();
      const hidden = await page
        .getByRole("search")
        .evaluate((search) =>
          [...search.querySelectorAll("label")]
            .filter((label) => label.getBoundingClientRect().width < 2)
            .map(({ textContent }) => textContent),
        );
      expect({ path, hidden }).toEqual({ path, hidden: [] });
    }
  });

  test("the list of users shows what each has, on a phone as well", async () => {
    const { balance } = await getConsole().rest("lin", ["GET", "/credits/balance"]);
    const page = await getConsole().open("support", `/console/users?q=${emailOf("lin")}`, { width: 390 });
    const row = page.locator("tr[data-row]").filter({ hasText: emailOf("lin") });
    await row.waitFor();
    expect((await row.locator("td:visible").allInnerTexts()).map((text) => text.replaceAll(/\s+/g, " "))).toEqual([
      expect.stringMatching(/^lin@example.com User · .*(ago|now|hour)/),
      String(balance),
    ]);
  });
});
